import { describe, expect, it } from "vitest";
import { createProxies, isForProxy } from "../../../adapters/discord/intake/proxies.ts";
import { Message } from "../../../adapters/discord/wire/message.ts";
import { conversationOf, snowflakeAt } from "../../../adapters/discord/ids.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

const history = async (
  platform: { history: Awaited<ReturnType<typeof joined>>["platform"]["history"] },
  place: Parameters<typeof conversationOf>[0],
) => {
  const { messages } = await platform.history(conversationOf(place), new AbortController().signal);
  return messages.filter(({ mark }) => !mark).map(({ author, text }) => `${author.name}: ${text}`);
};

/** A server in which a proxy speaks for Ada, under the name of Luna. */
async function joined(world: Parameters<typeof parleyInDiscord>[0] = {}) {
  // A proxy is quick: time runs as it does outside.
  const room = await parleyInDiscord({ times: 3, ...world });
  const process = await room.join();
  const proxy = room.guild.webhook("Luna", room.channel);
  return { ...room, ...process, proxy };
}

describe("a proxy reposts the question and deletes it", () => {
  it("the turn goes on with the proxy's message as the question, under its name, and answers once", async () => {
    const { ada, channel, guild, answered, discord, proxy, platform, store, problems } =
      await joined({ pace: 1 });
    const original = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(discord.world.channels.has(original.id)).toBe(true));
    const posted = proxy.says("@Parley What is 2 + 2?");
    ada.deletes(original);
    const [answer] = await answered(original);
    expect(answer?.text).toContain("4");
    const conversation = conversationOf({
      guild: guild.id,
      channel: channel.id,
      thread: original.id,
    });
    const turns = await store.turns.recent(conversation, 5);
    expect(turns).toMatchObject([{ request: posted.id, person: `discord:${ada.id}` }]);
    expect(discord.world.channels.has(posted.id)).toBe(false);
    const place = { guild: guild.id, channel: channel.id, thread: original.id };
    expect(await history(platform, place)).toEqual(["Luna: What is 2 + 2?"]);
    expect(problems).toEqual([]);
  });

  it("in a thread too, where it stays the person's question that they may stop", async () => {
    const {
      ada,
      channel,
      guild,
      answered,
      statuses,
      proxy: _,
      ...room
    } = await joined({
      pace: 1,
    });
    const first = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(first);
    const proxy = guild.webhook("Luna", first);
    const original = ada.says(first, "[And 3 + 3?]");
    await until(() => expect(statuses(first)).toHaveLength(2));
    proxy.says("And 3 + 3?");
    ada.deletes(original);
    await answered(first, 2);
    expect(room.problems).toEqual([]);
  });

  it("an edit of the proxy's message restarts the turn, and its deletion stops it", async () => {
    const { ada, channel, guild, discord, proxy, store } = await joined({ pace: 1_000 });
    const original = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(discord.world.channels.has(original.id)).toBe(true));
    const posted = proxy.says("@Parley What is 2 + 2?");
    ada.deletes(original);
    const place = { guild: guild.id, channel: channel.id, thread: original.id };
    const turns = () => store.turns.recent(conversationOf(place), 5);
    await until(async () => expect((await turns())[0]?.request).toBe(posted.id));
    proxy.edits(posted, "@Parley What is 3 + 3?");
    await until(async () => expect(await turns()).toHaveLength(2));
    expect((await turns()).map(({ person }) => person)).toEqual([
      `discord:${ada.id}`,
      `discord:${ada.id}`,
    ]);
    proxy.deletes(posted);
    await until(async () =>
      expect((await turns())[0]).toMatchObject({
        state: "done",
        cancel: { by: "deleted question", reason: "stop" },
      }),
    );
  });

  it("files come along", async () => {
    const { ada, channel, discord, guild, proxy, store } = await joined({ pace: 1_000 });
    const files = [{ name: "plan.txt", content: "heron" }] as const;
    const original = ada.says(channel, "@Parley", { files });
    await until(() => expect(discord.world.channels.has(original.id)).toBe(true));
    const posted = proxy.says("@Parley", files);
    ada.deletes(original);
    const place = { guild: guild.id, channel: channel.id, thread: original.id };
    await until(async () =>
      expect((await store.turns.recent(conversationOf(place), 1))[0]?.request).toBe(posted.id),
    );
  });

  it("a deletion that is told before the proxy's message starts the turn anew, once", async () => {
    const { ada, channel, guild, discord, proxy, store, answered } = await joined({ pace: 1 });
    const original = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(discord.world.channels.has(original.id)).toBe(true));
    ada.deletes(original);
    const place = { guild: guild.id, channel: channel.id, thread: original.id };
    const turns = () => store.turns.recent(conversationOf(place), 5);
    await until(async () => expect((await turns())[0]?.cancel).toMatchObject({ reason: "stop" }));
    proxy.says("@Parley What is 2 + 2?");
    await answered(original);
    expect(await turns()).toHaveLength(2);
  });
});

describe("what is no proxy", () => {
  it("a deleted question without a successor stops its turn", async () => {
    const { ada, channel, guild, discord, proxy, store } = await joined({ pace: 1_000 });
    const original = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(discord.world.channels.has(original.id)).toBe(true));
    proxy.says("The build has passed.");
    ada.deletes(original);
    const place = { guild: guild.id, channel: channel.id, thread: original.id };
    await until(async () =>
      expect((await store.turns.recent(conversationOf(place), 1))[0]?.cancel).toMatchObject({
        reason: "stop",
      }),
    );
  });

  it("webhooks and other bots start no turns, whatever they say; nor does what people tell the proxy", async () => {
    const { ada, channel, guild, finals, proxy, answered } = await joined();
    proxy.says("@Parley What is 9 + 9?");
    guild.bot("Beeper").says(channel, "@Parley What is 8 + 8?");
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    guild.webhook("Luna", question).says("And 3 + 3?");
    ada.says(question, "pk;edit And 4 + 4?");
    const last = ada.says(channel, "@Parley What is 5 + 5?");
    await answered(last);
    expect(finals(question)).toHaveLength(1);
    expect(guild.threads(channel)).toHaveLength(2);
  });
});

const at = (id: number, content: string, more: object = {}) =>
  Message.parse({
    id: snowflakeAt(1_700_000_000_000 + id),
    channel_id: "5",
    author: { id: "1", username: "ada" },
    content,
    ...more,
  });

const webhook = { webhook_id: "77", author: { id: "77", username: "Luna", bot: true } };
const FILE = { id: "1", filename: "a.png", url: "http://127.0.0.1/a.png" };

describe("a webhook's message is a successor", () => {
  it.each([
    ["the same text", at(0, "Why?"), at(800, "Why?", webhook)],
    ["without tags before it", at(0, "Luna: Why?"), at(800, "Why?", webhook)],
    ["without tags around it", at(0, "[Why?]"), at(800, "Why?", webhook)],
    ["with links in brackets", at(0, "See https://a.b/c"), at(9, "See <https://a.b/c>", webhook)],
    [
      "a file alone",
      at(0, "", { attachments: [FILE] }),
      at(9, "", { ...webhook, attachments: [FILE] }),
    ],
  ])("%s", (_, message, successor) => {
    const proxies = createProxies();
    proxies.took({ message, addressed: "mention" });
    expect(proxies.wrote(successor)).toBeUndefined();
    expect(proxies.lost(message.id)?.successor).toBe(successor);
    expect(proxies.lost(message.id)).toBeUndefined();
  });

  it.each([
    ["another text", at(0, "Why?"), at(800, "Why not?", webhook)],
    ["far too late", at(0, "Why?"), at(60_000, "Why?", webhook)],
    ["elsewhere", at(0, "Why?"), at(800, "Why?", { ...webhook, channel_id: "6" })],
    ["a piece of a long text", at(0, `Why? ${"x".repeat(200)}`), at(800, "Why?", webhook)],
    ["nothing", at(0, "Why?"), at(800, "", webhook)],
    ["without the file", at(0, "Why?", { attachments: [FILE] }), at(800, "Why?", webhook)],
  ])("not: %s", (_, message, other) => {
    const proxies = createProxies();
    proxies.took({ message, addressed: "mention" });
    proxies.wrote(other);
    expect(proxies.lost(message.id)).toBeUndefined();
  });

  it.each([
    ["pk;edit No", true],
    ["PK!switch out", true],
    ["tul!list", true],
    ["pk is what?", false],
    ["What does pk;edit do?", false],
  ])("“%s” is for a proxy: %s", (content, expected) => {
    expect(isForProxy({ content })).toBe(expected);
  });
});
