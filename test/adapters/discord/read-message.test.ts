import { expect, test } from "vitest";
import { addressedOf } from "../../../adapters/discord/parse/addressed.ts";
import { formatAskedQuestion } from "../../../adapters/discord/render/small-print.ts";
import { formatPress } from "../../../adapters/discord/render/buttons.ts";
import { isChatMessage, readMessage } from "../../../adapters/discord/parse/read-message.ts";
import { readReply } from "../../../adapters/discord/parse/read-text.ts";
import { Message } from "../../../adapters/discord/wire/message.ts";
import { TurnId } from "../../../src/ids.ts";

const SELF = "900000000000000001";
const ROLE = "900000000000000002";
const reader = {
  self: SELF,
  ownRole: ROLE,
  channelName: (id: string) => (id === "3" ? "general" : undefined),
  roleName: (id: string) => (id === "4" ? "staff" : undefined),
  file: ({ id, filename: name, size: bytes }: { id: string; filename: string; size: number }) => ({
    id,
    name,
    bytes,
    mediaType: "text/plain",
    load: () => Promise.resolve(new Uint8Array()),
  }),
};
const ada = { id: "1", username: "ada", global_name: "Ada" };
const self = { id: SELF, username: "parley", bot: true };

const message = (fields: Record<string, unknown>) =>
  Message.parse({
    id: "1457536551830421524",
    channel_id: "2",
    author: ada,
    timestamp: "2026-11-23T10:00:00.000Z",
    ...fields,
  });
const read = (fields: Record<string, unknown>) => readMessage(message(fields), reader);

test("ids become names, and Parley's own mention is removed", () => {
  const content = `<@${SELF}> ask <@!5> and <@&4> in <#3>, </ask:7> <a:wave:8> <t:1764000000:R>`;
  expect(read({ content, mentions: [{ id: "5", username: "bob" }] }).text).toBe(
    "ask @bob and @staff in #general, /ask :wave: 2025-11-24T16:00:00Z",
  );
});

test("a mention of Parley's managed role mentions Parley", () => {
  expect(read({ content: `<@&${ROLE}> hi` }).text).toBe("hi");
});

test("stickers, polls and forwards become words", () => {
  const snapshot = { content: "the old plan\nline 2", embeds: [], attachments: [] };
  const fields = {
    content: "see",
    message_snapshots: [{ message: snapshot }],
    sticker_items: [{ name: "Wave" }],
    poll: { question: { text: "Lunch?" }, answers: [{ poll_media: { text: "Yes" } }] },
  };
  expect(read(fields).text).toBe(
    "see\n\n> Forwarded:\n> the old plan\n> line 2\n\n(sticker: Wave)\n\n(poll: Lunch? Yes)",
  );
});

test("another bot's message is marked as a bot's, and its embeds are its text", () => {
  const embeds = [
    { title: "Build 7", description: "failed", fields: [{ name: "At", value: "main" }] },
  ];
  const { author, text } = read({ author: { ...ada, bot: true }, content: "", embeds });
  expect(author).toEqual({ id: "1", name: "Ada", kind: "bot" });
  expect(text).toBe("**Build 7**\nfailed\nAt: main");
  expect(read({ webhook_id: "6" }).author.kind).toBe("bot");
});

test("of another bot, text, embeds and components are read together; previews of links are not", () => {
  const embeds = [
    { type: "rich", author: { name: "CI" }, title: "Build 7", footer: { text: "main" } },
    { type: "link", title: "A preview" },
  ];
  const components = [
    {
      type: 17,
      components: [
        { type: 10, content: "# Report" },
        {
          type: 9,
          components: [{ type: 10, content: "3 failed" }],
          accessory: { type: 2, label: "Open" },
        },
      ],
    },
  ];
  const bot = { author: { ...ada, bot: true }, content: "Firing", embeds };
  expect(read({ ...bot, components }).text).toBe(
    "Firing\nCI\n**Build 7**\nmain\n# Report\n3 failed",
  );
  expect(read({ content: "see https://x.io", embeds }).text).toBe("see https://x.io");
});

test("which message is replied to is said in a few words", () => {
  const target = { id: "7", channel_id: "2", author: { id: "5", username: "bob" } };
  const reply = (fields: object) =>
    readReply(message({ type: 19, message_reference: { message_id: "7" }, ...fields }), reader);
  expect(reply({ referenced_message: { ...target, content: "Plan A\nis <@5>" } })).toBe(
    "(replying to bob: Plan A is <@5>)",
  );
  expect(reply({ referenced_message: { ...target, content: "x ".repeat(500) } })).toHaveLength(219);
  expect(reply({ referenced_message: { ...target, embeds: [{ title: "Build" }] } })).toBe(
    "(replying to bob: **Build**)",
  );
  const attachments = [{ id: "1", url: "https://x.io", filename: "plan.pdf" }];
  expect(reply({ referenced_message: { ...target, attachments } })).toBe(
    "(replying to bob: plan.pdf)",
  );
  expect(reply({ referenced_message: null })).toBe("(replying to a message that was deleted)");
  expect(reply({ type: 0 })).toBe("");
  expect(reply({ message_reference: { message_id: "7", type: 1 } })).toBe("");
});

test("a final answer is read back without its footer, with its delivery mark", () => {
  const mark = { turn: TurnId.parse("t1"), kind: "final", chunk: 1 } as const;
  const custom_id = formatPress({ mark, action: "why", about: "" });
  const components = [{ type: 1, components: [{ type: 2, custom_id }] }];
  const content = "- ☑ done\n-# ◆ Opus for council\n-# A note.";
  expect(read({ author: self, content, components })).toMatchObject({
    author: { kind: "self" },
    text: "- [x] done",
    mark,
  });
  expect(read({ content, components }).mark).toBeUndefined();
});

test("a question asked with /ask is the asker's, with its team", () => {
  const asked = { author: self, type: 20, interaction_metadata: { user: ada } };
  const content = formatAskedQuestion({ question: "Which index?\nOn what?", team: "council" });
  expect(content).toBe("Which index?\nOn what?\n-# asked of council");
  expect(read({ ...asked, content })).toMatchObject({
    author: { id: "1", name: "Ada", kind: "person" },
    text: "!ask --team council Which index?\nOn what?",
  });
  const plain = formatAskedQuestion({ question: "Which index?", team: null });
  expect(read({ ...asked, content: plain }).text).toBe("Which index?");
  expect(read({ content }).text).toBe(content);
});

test("odd and missing fields are tolerated", () => {
  const odd = { embeds: null, attachments: "none", components: {}, mentions: undefined, member: 7 };
  expect(read({ content: null, ...odd })).toMatchObject({ text: "", files: [] });
  expect(read({ timestamp: null }).at).toBe(Date.parse("2026-01-05T00:49:53.676Z"));
});

test.each([0, 19, 20, 23])("people write messages of type %i", (type) => {
  expect(isChatMessage({ type })).toBe(true);
});
test.each([6, 7, 18, 21, 24])("a message of type %i is a system message", (type) => {
  expect(isChatMessage({ type })).toBe(false);
});

const replyTo = (id: string) => ({
  message_reference: { message_id: "77" },
  referenced_message: { id: "77", channel_id: "2", author: { id, username: "x" } },
});

test.each([
  ["a mention", { content: `hi <@${SELF}>` }, "channel", "mention"],
  ["a mention of an old client", { content: `<@!${SELF}> hi` }, "channel", "mention"],
  ["a mention of its role", { content: `<@&${ROLE}> hi` }, "thread", "mention"],
  ["a mention in code", { content: `\`<@${SELF}>\`` }, "channel", "channel"],
  ["@everyone", { content: "@everyone hi", mention_everyone: true }, "channel", "channel"],
  [
    "@everyone in a thread",
    { content: "@everyone hi", mention_everyone: true },
    "thread",
    "thread",
  ],
  ["a reply to somebody else", { content: "yes", ...replyTo("5") }, "thread", "none"],
  ["that names Parley", { content: `<@${SELF}> yes`, ...replyTo("5") }, "thread", "mention"],
  ["a reply to Parley", { content: "why?", ...replyTo(SELF) }, "channel", "mention"],
  [
    "a reply to what is gone",
    { content: "?", message_reference: { message_id: "7" } },
    "thread",
    "thread",
  ],
  ["a forward", { message_reference: { message_id: "7", type: 1 } }, "thread", "thread"],
  ["somebody else's name first", { content: "hey <@5>, look" }, "thread", "none"],
  ["somebody else's name later", { content: "ask <@5>" }, "thread", "thread"],
  ["a private message", { content: "<@5> said so" }, "direct", "direct"],
] as const)("%s reaches Parley as it is meant", (_, fields, where, addressed) => {
  expect(addressedOf(message(fields), where, reader)).toBe(addressed);
});
