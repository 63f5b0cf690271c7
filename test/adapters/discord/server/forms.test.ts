import { MessageFlags, Routes } from "discord.js";
import { expect, test } from "vitest";
import { useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { errorOf, refusalOf } from "./refusal-of.ts";

async function open() {
  const discord = await useDiscord({ limits: "off" });
  const general = discord.guild().channel();
  const client = await useClient(discord);
  const post = (body: object) => client.rest.post(Routes.channelMessages(general.id), { body });
  return { discord, general, client, post };
}

const button = (id: string) => ({ type: 2, style: 2, label: id, custom_id: id });
const row = (...components: object[]) => ({ type: 1, components });
const select = { type: 3, custom_id: "s", options: [{ label: "a", value: "a" }] };
const required = { code: "BASE_TYPE_REQUIRED", message: "This field is required" };
const most = (max: number) => ({
  code: "BASE_TYPE_MAX_LENGTH",
  message: `Must be ${max} or fewer in length.`,
});
const at = (...path: string[]) => ["errors", ...path, "_errors", 0];

test.each([
  ["a text of 2,001", { content: "x".repeat(2_001) }, at("content"), most(2_000)],
  [
    "a long title in the second embed",
    { embeds: [{ title: "a" }, { title: "x".repeat(257) }] },
    at("embeds", "1", "title"),
    most(256),
  ],
  [
    "embeds of 6,001 together",
    { embeds: [{ description: "x".repeat(4_000) }, { description: "x".repeat(2_001) }] },
    at("embeds"),
    { code: "MAX_EMBED_SIZE_EXCEEDED", message: "Embed size exceeds maximum size of 6000" },
  ],
  [
    "an empty field",
    { embeds: [{ fields: [{ name: "", value: "v" }] }] },
    at("embeds", "0", "fields", "0", "name"),
    required,
  ],
  [
    "a custom id of 101",
    { components: [row({ ...button("a"), custom_id: "x".repeat(101) })] },
    at("components", "0", "components", "0", "custom_id"),
    most(100),
  ],
  [
    "six rows",
    { components: Array.from({ length: 6 }, (_, i) => row(button(`b${i}`))) },
    at("components"),
    most(5),
  ],
  [
    "a button beside a select",
    { components: [row(select, button("b"))] },
    [...at("components", "0", "components", "1").slice(0, -1), 0, "code"],
    "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
  ],
  [
    "one custom id twice",
    { components: [row(button("b"), button("b"))] },
    [...at("components"), "code"],
    "COMPONENT_CUSTOM_ID_DUPLICATED",
  ],
  ["a nonce of 26", { content: "x", nonce: "x".repeat(26) }, ["errors", "nonce"], undefined],
  [
    "a reply to nothing",
    { content: "x", message_reference: { message_id: "100000000000000000" } },
    [...at("message_reference"), "code"],
    "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
  ],
  [
    "text beside components V2",
    { content: "x", flags: MessageFlags.IsComponentsV2, components: [{ type: 10, content: "y" }] },
    [...at("content"), "code"],
    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
  ],
])("%s is an invalid form, and the answer says where", async (_, body, path, expected) => {
  const { post } = await open();
  const error = await errorOf(post(body));
  expect(error.code).toBe(50_035);
  if (expected === undefined) expect(error.rawError).toHaveProperty(path);
  else expect(error.rawError).toHaveProperty(path, expected);
});

test("an empty or blank message is refused", async () => {
  const { post } = await open();
  expect(await refusalOf(post({ content: " \n" }))).toBe(50_006);
  expect(await refusalOf(post({ embeds: [] }))).toBe(50_006);
});

test("white space around a text is removed", async () => {
  const { discord, general, post } = await open();
  await post({ content: "  \n answer\n" });
  expect(discord.shown(general)).toBe("Parley: answer");
});

test("components V2 cannot be undone", async () => {
  const { client, general, discord } = await open();
  const body = { flags: MessageFlags.IsComponentsV2, components: [{ type: 10, content: "y" }] };
  await client.rest.post(Routes.channelMessages(general.id), { body });
  const [message] = discord.messagesIn(general);
  const edit = client.rest.patch(Routes.channelMessage(general.id, message?.id ?? ""), {
    body: { content: "plain", flags: 0 },
  });
  expect(await refusalOf(edit)).toBe(50_035);
  expect(message?.text).toBe("y");
});

test("a file of more than 10 MiB and a thread name of 101 are refused", async () => {
  const { client, general, discord } = await open();
  const files = [{ name: "big.bin", data: Buffer.alloc(10 * 1024 * 1024 + 1) }];
  const upload = client.rest.post(Routes.channelMessages(general.id), { body: {}, files });
  expect(await refusalOf(upload)).toBe(40_005);
  const thread = client.rest.post(Routes.threads(general.id), { body: { name: "x".repeat(101) } });
  expect(await refusalOf(thread)).toBe(50_035);
  expect(discord.messagesIn(general)).toEqual([]);
});

test("an edit keeps fields that it does not name, and removes files that it does not list", async () => {
  const { client, general, discord } = await open();
  const files = ["a", "b"].map((name) => ({ name: `${name}.txt`, data: Buffer.from(name) }));
  const body = { content: "two", components: [row(button("x"))] };
  await client.rest.post(Routes.channelMessages(general.id), { body, files });
  const [sent] = discord.messagesIn(general);
  const patch = (change: object) =>
    client.rest.patch(Routes.channelMessage(general.id, sent?.id ?? ""), { body: change });
  await patch({ content: "one" });
  expect(discord.shown(general)).toBe("Parley (edited): one\n📎 a.txt\n📎 b.txt\n[x]");
  await patch({ components: [], attachments: [] });
  expect(discord.shown(general)).toBe("Parley (edited): one");
});

test("commands are stored by name, keep their version, and are validated as Discord does", async () => {
  const { client, discord } = await open();
  const put = (body: readonly object[]) =>
    client.rest.put(Routes.applicationCommands(discord.applicationId), { body });
  const ask = { name: "ask", description: "Asks" };
  await put([ask]);
  const [before] = discord.commands();
  await put([ask, { name: "Ask the team", type: 3 }]);
  expect(discord.commands()[0]).toEqual(before);
  expect(discord.commands()).toHaveLength(2);
  expect(await refusalOf(put([{ name: "Ask", description: "x" }]))).toBe(50_035);
  expect(await refusalOf(put([ask, ask]))).toBe(50_035);
  const options = [
    { type: 3, name: "a", description: "a" },
    { type: 3, name: "b", description: "b", required: true },
  ];
  expect(await refusalOf(put([{ ...ask, options }]))).toBe(50_035);
  expect(discord.calls("PUT /applications/:id/commands")).toHaveLength(5);
});
