import { webApi } from "@slack/bolt";
import { expect, it } from "vitest";
import { toPlatformError } from "../../../adapters/slack/api/errors.ts";
import { createBlockFallback, formsOfReply } from "../../../adapters/slack/post/block-fallback.ts";
import type { SlackText } from "../../../adapters/slack/render/blocks.ts";
import { render, renderPlain } from "../../../adapters/slack/render/render.ts";
import { TurnId } from "../../../src/ids.ts";
import type { Outgoing } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { sampleFinal } from "../../support/sample-views.ts";
import { looksOf } from "./looks-of.ts";

const TABLE = "| a | b |\n| --- | --- |\n| 1 | 2 |";
const final = (text: string): Outgoing => ({
  kind: "final",
  view: sampleFinal({ text, turn: TurnId.parse("turn-1") }),
  text,
  chunk: 0,
  chunks: 1,
});

/** A workspace that answers each message with an error, or takes it. */
function workspace(refuse: (types: readonly string[], nth: number) => object | string | null) {
  const clock = createFakeClock();
  const problems: string[] = [];
  const sent: SlackText[] = [];
  const fallback = createBlockFallback({
    clock,
    onProblem: (problem) => problems.push(String(problem)),
  });
  const call = async (message: SlackText) => {
    sent.push(message);
    const types = (message.blocks ?? []).map((block) =>
      "type" in block ? String(block.type) : "",
    );
    const refusal = refuse(types, sent.length);
    if (refusal === null) return "1.1";
    const data =
      typeof refusal === "string" ? { error: refusal } : { error: "invalid_blocks", ...refusal };
    const error = new webApi.WebAPIPlatformError({ ok: false, ...data });
    throw toPlatformError(error, "chat.postMessage");
  };
  const post = (content: Outgoing) =>
    fallback.send(
      "T1",
      { render: (deny) => render(content, deny), plain: () => renderPlain(content) },
      call,
    );
  return { clock, problems, sent, post, fallback, call };
}

const unknownType = (types: readonly string[], type: string) =>
  types.includes(type)
    ? { errors: [`must be a valid enum value [json-pointer:/blocks/${types.indexOf(type)}/type]`] }
    : null;

it("refused Markdown is posted in Slack's marks, with footer and buttons", async () => {
  const { post, sent } = workspace((types) => unknownType(types, "markdown"));
  await post(final("**Use** a [B-tree](https://a.example)."));
  expect(sent).toHaveLength(2);
  const shown = sent[1] && looksOf(sent[1]);
  expect(shown).toContain("*Use* a <https://a.example|B-tree>.");
  expect(shown).toContain("[Why] [Retry…]\n(👍) (👎)");
  expect(shown?.split("\n").length).toBeGreaterThan(2);
});

it("a type that a workspace does not know is left out there for a day, which is reported without the content", async () => {
  const { post, sent, clock, problems } = workspace((types) => unknownType(types, "markdown"));
  await post(final("secret"));
  await post(final("secret"));
  expect(sent).toHaveLength(3);
  expect(problems).toEqual([expect.stringContaining("markdown")]);
  expect(problems.join()).not.toContain("secret");
  await clock.advance(25 * 3_600_000);
  await post(final("secret"));
  expect(sent).toHaveLength(5);
});

it.each([
  ["container", "Split"],
  ["context_actions", "[Why] [Retry…] [👍] [👎]"],
])("where %s is not known, the same is said without it for a day", async (type, instead) => {
  const { post, sent, problems } = workspace((types) => unknownType(types, type));
  const split = { name: "Ada", text: "Use **cron**.", difference: "Use cron." };
  const content = final("Use a queue.");
  if (content.kind !== "final") return;
  await post({ ...content, view: { ...content.view, split } });
  await post({ ...content, view: { ...content.view, split } });
  expect(sent).toHaveLength(3);
  for (const message of sent.slice(1)) {
    expect(looksOf(message)).toContain(instead);
    expect(looksOf(message)).toContain("Use cron.");
    expect(JSON.stringify(message.blocks)).not.toContain(`"${type}"`);
  }
  expect(problems).toEqual([expect.stringContaining(type)]);
});

it("what Slack would refuse is not sent at all: it goes out in a simpler form, and the log says what was wrong", async () => {
  const { fallback, call, sent, problems } = workspace(() => null);
  const render = (deny: ReadonlySet<string>): SlackText =>
    deny.has("markdown")
      ? { text: "a", blocks: [{ type: "divider" }] }
      : { text: "a", blocks: [{ type: "markdown", text: "secret ".repeat(2_000) }] };
  await fallback.send("T1", { render, plain: () => "a" }, call);
  await fallback.send(
    "T1",
    { render: () => ({ text: "a", blocks: [{}] }), plain: () => "plain" },
    call,
  );
  expect(sent).toEqual([
    { text: "a", blocks: [{ type: "divider" }] },
    { text: "plain", blocks: [] },
  ]);
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain("/blocks/0/text");
  expect(problems.join()).not.toContain("secret");
});

it("a text that is refused says nothing about the type of its block", async () => {
  const tooLong = ["must be less than 12001 characters [json-pointer:/blocks/0/text]"];
  const { post, sent, problems } = workspace((_, nth) =>
    nth === 1 ? { response_metadata: { messages: tooLong } } : null,
  );
  await post(final("first"));
  await post(final("second"));
  expect(sent.map(({ blocks = [] }) => blocks[0])).toMatchObject([
    { type: "markdown" },
    { type: "section" },
    { type: "markdown" },
  ]);
  expect(problems).toEqual([]);
});

it.each([
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "only_one_table_allowed",
  "msg_blocks_too_long",
  "block_mismatch",
])("after %s the message comes without blocks in Slack's marks, footer included", async (code) => {
  const { post, sent } = workspace((types) => (types.length > 0 ? code : null));
  await post(final("**Use** it."));
  const last = sent.at(-1);
  expect(last?.blocks).toEqual([]);
  expect(last?.text).toMatch(/^\*Use\* it\.\n\n/);
  expect(last?.text).not.toContain("**");
  expect(last?.text.length).toBeGreaterThan("*Use* it.".length + 4);
  expect(sent.length).toBeLessThanOrEqual(5);
});

it.each(["restricted_action", "is_archived", "msg_too_long_ago"])(
  "%s is not about blocks: nothing is tried again",
  async (code) => {
    const { post, sent } = workspace(() => code);
    await expect(post(final("Yes."))).rejects.toThrow(code);
    expect(sent).toHaveLength(1);
  },
);

it("a reply to a command follows the same rule", async () => {
  const { fallback, call, sent } = workspace((types) => unknownType(types, "markdown"));
  const reply = {
    title: "Why",
    blocks: [{ type: "text", markdown: `**Ada** says\n\n${TABLE}` }],
    visibleTo: "asker",
    ok: true,
  } as const;
  await fallback.send("T1", formsOfReply(reply), call);
  expect(sent[1] && looksOf(sent[1])).toContain("*Ada* says");
});

it("a message holds one table; the others are aligned as code, and nothing else changes", () => {
  const code = "```\n| no | table |\n| --- | --- |\n```";
  const text = [TABLE, "Then:", code, TABLE, "> quoted", TABLE, "End."].join("\n\n");
  const { blocks = [] } = render(final(text));
  const [markdown] = blocks;
  const shown = markdown && "text" in markdown ? String(markdown.text) : "";
  const aligned = "```\na  b\n─  ─\n1  2\n```";
  expect(shown).toBe([TABLE, "Then:", code, aligned, "> quoted", aligned, "End."].join("\n\n"));
});
