import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { asJson, type Json } from "../../../servers/discord/wire/json.ts";
import { PATIENCE } from "../../../support/patience.ts";

const FILE = join(import.meta.dirname, "../../../../../shared/data/payloads/discord.json");

beforeEach(({ skip }) => skip(!existsSync(FILE), `${FILE} is not here to compare with`));

/** What a real guild sent, and what ours sends of the same kind. */
async function record() {
  const discord = await useDiscord();
  const guild = discord.guild();
  const [ada, general] = [guild.user("Ada"), guild.channel()];
  const client = await useClient(discord);
  const ours: { t: string; d: Json }[] = [];
  client.on("raw", (packet: { t: string; d: unknown }) => {
    ours.push({ t: packet.t, d: asJson(packet.d) });
  });
  const theirs = asJson(JSON.parse(readFileSync(FILE, "utf8")));
  const sent = (name: string) =>
    vi.waitFor(() => {
      const found = ours.findLast(({ t }) => t === name)?.d;
      if (!found) throw new Error(`no ${name} yet`);
      return found;
    }, PATIENCE);
  return { ada, general, client, sent, theirs };
}

/** Fields, those of objects inside too, that a real payload has and ours lacks. */
function lacking(real: Json, ours: Json, at = ""): readonly string[] {
  return Object.entries(real).flatMap(([key, value]) => {
    if (!(key in ours)) return [`${at}${key}`];
    const [a, b] = [asJson(value), asJson(ours[key])];
    return Object.keys(a).length > 0 && !Array.isArray(value) ? lacking(a, b, `${at}${key}.`) : [];
  });
}

/** Fields that Discord sent in January 2026 and does not document, or that say nothing about this server's things. */
const LEFT_OUT = ["member.user.display_name", "member.user.bot", "member_ids_preview"];

test("messages have every field that was recorded", async () => {
  const { ada, general, sent, theirs } = await record();
  ada.says(general, "@Parley Hey");
  const ours = await sent("MESSAGE_CREATE");
  expect(lacking(asJson(asJson(theirs["gatewayMention"])["data"]), ours)).toEqual([]);
});

test("threads and reactions have every field that was recorded", async () => {
  const { ada, general, sent, theirs } = await record();
  const message = ada.says(general, "x");
  ada.reacts(message, "👍");
  ada.startsThread(message, "t");
  for (const [kind, name] of [
    ["gatewayThreadCreate", "THREAD_CREATE"],
    ["gatewayReactionAdd", "MESSAGE_REACTION_ADD"],
  ] as const) {
    const real = asJson(asJson(theirs[kind])["data"]);
    const missing = lacking(real, await sent(name));
    expect(missing.filter((field) => !LEFT_OUT.includes(field))).toEqual([]);
  }
});

test("clicks have every field that was recorded", async () => {
  const { ada, general, client, sent, theirs } = await record();
  const thread = ada.startsThread(ada.says(general, "x"), "t");
  const channel = await client.channels.fetch(thread.id);
  if (!channel?.isSendable()) throw new Error("no thread to write in");
  const button = { type: 2, style: 1, label: "Say Hello", customId: "hello" } as const;
  const { id } = await channel.send({
    content: "x",
    components: [{ type: 1, components: [button] }],
  });
  client.on("interactionCreate", (interaction) => {
    if (interaction.isButton()) void interaction.deferUpdate();
  });
  await ada.clicks({ id, channelId: thread.id }, "hello");
  const missing = lacking(asJson(theirs["buttonClickHello"]), await sent("INTERACTION_CREATE"));
  expect(missing.filter((field) => !LEFT_OUT.includes(field))).toEqual([]);
});
