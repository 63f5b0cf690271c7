import { Events, GatewayIntentBits } from "discord.js";
import { expect, test, vi } from "vitest";
import type { Discord } from "../../../servers/discord/discord.ts";
import type { DiscordOptions } from "../../../servers/discord/options.ts";
import { createClient, useClient } from "../../../servers/discord/use-client.ts";
import { useDiscord } from "../../../servers/discord/use-discord.ts";
import { PATIENCE } from "../../../support/patience.ts";

/** The client's own pause of five seconds before it identifies again is not what is tested. */
const AT_ONCE = {
  ws: { buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: async () => {} }) },
};

async function open(options?: DiscordOptions) {
  const discord = await useDiscord(options);
  const guild = discord.guild();
  const [ada, general] = [guild.user("Ada"), guild.channel()];
  const client = await useClient(discord, AT_ONCE);
  const heard: string[] = [];
  client.on(Events.MessageCreate, ({ content }) => void heard.push(content));
  return { discord, guild, ada, general, client, heard };
}

const back = (discord: Discord, resumes: number) =>
  vi.waitFor(() => expect(discord.gateway.resumes()).toBe(resumes), PATIENCE);

test("a bad token and a disabled intent end the connection permanently", async () => {
  const discord = await useDiscord();
  await expect(createClient(discord).login("wrong")).rejects.toThrow("invalid token");
  const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers];
  const client = createClient(discord, { intents });
  await expect(client.login(discord.token)).rejects.toThrow("disallowed intents");
});

test("events contain what the intents allow", async () => {
  const discord = await useDiscord();
  const [ada, general] = [discord.guild().user("Ada"), discord.guild().channel()];
  const client = await useClient(discord, { intents: ["Guilds", "GuildMessages"] });
  const events: string[] = [];
  client.on(Events.Raw, ({ t }: { t: string }) => void events.push(t));
  ada.types(general);
  ada.reacts(ada.says(general, "x"), "👍");
  ada.says(ada.dm, "private");
  ada.startsThread(general, "t");
  await vi.waitFor(() => expect(events).toContain("THREAD_CREATE"), PATIENCE);
  expect(events).toEqual(["MESSAGE_CREATE", "THREAD_CREATE", "MESSAGE_CREATE"]);
});

test("a resume replays messages sent while the socket was closed", async () => {
  const { discord, ada, general, heard } = await open();
  discord.gateway.drops();
  ada.says(general, "in the gap");
  await back(discord, 1);
  await vi.waitFor(() => expect(heard).toEqual(["in the gap"]), PATIENCE);
});

test("a client that is asked to reconnect resumes, and gets repeated events again", async () => {
  const { discord, ada, general, heard } = await open();
  discord.gateway.asksToReconnect();
  await back(discord, 1);
  ada.says(general, "once");
  await vi.waitFor(() => expect(heard).toEqual(["once"]), PATIENCE);
  discord.gateway.repeats(1);
  ada.says(general, "end");
  await vi.waitFor(() => expect(heard.at(-1)).toBe("end"), PATIENCE);
});

test("a client identifies again after its session expired, and misses the messages in between", async () => {
  const { discord, ada, general, client, heard } = await open({ scale: 100 });
  const ready = vi.fn();
  client.on(Events.ShardReady, ready);
  discord.gateway.goesDown();
  ada.says(general, "lost");
  await vi.waitFor(() => expect(discord.gateway.connections()).toBe(0), PATIENCE);
  discord.gateway.forgets();
  discord.gateway.comesBack();
  await vi.waitFor(() => expect(ready).toHaveBeenCalled(), PATIENCE);
  ada.says(general, "heard");
  await vi.waitFor(() => expect(heard).toEqual(["heard"]), PATIENCE);
  expect(discord.gateway.identifies()).toBe(2);
});

test("an invalid session that can be resumed is resumed", async () => {
  const { discord } = await open();
  discord.gateway.invalidates(true);
  await back(discord, 1);
});

test("a fatal close ends the client", async () => {
  const { discord, client } = await open();
  const gone = vi.fn();
  client.on(Events.ShardDisconnect, ({ code }) => gone(code));
  discord.gateway.closesWith(4_004);
  await vi.waitFor(() => expect(gone).toHaveBeenCalledWith(4_004), PATIENCE);
  expect(discord.gateway.connections()).toBe(0);
});

test("a client whose heartbeats are not acknowledged reconnects and resumes", async () => {
  const { discord, client } = await open({ scale: 100 });
  discord.gateway.answersHeartbeats(false);
  const reconnecting = vi.fn();
  client.on(Events.ShardReconnecting, reconnecting);
  await vi.waitFor(() => expect(reconnecting).toHaveBeenCalled(), PATIENCE);
  discord.gateway.answersHeartbeats(true);
  await back(discord, 1);
});

test("every shard gets the events of its guilds, and shard 0 those of direct messages", async () => {
  const discord = await useDiscord({ shards: 2, maxConcurrency: 2 });
  const guilds = ["A", "B", "C", "D", "E", "F"].map((name) => discord.guild(name));
  const client = await useClient(discord, { shards: "auto" });
  const heard = new Map<string, number>();
  client.on(Events.MessageCreate, ({ content, guild }) => {
    heard.set(content, guild?.shardId ?? 0);
  });
  for (const guild of guilds) guild.user("Ada").says(guild.channel(), guild.name);
  discord.user("Ada").says(discord.user("Ada").dm, "private");
  await vi.waitFor(() => expect(heard.size).toBe(7), PATIENCE);
  expect(client.ws.shards.size).toBe(2);
  for (const { id, name } of guilds) {
    expect(heard.get(name)).toBe(Number((BigInt(id) >> 22n) % 2n));
  }
  expect(discord.violations).toEqual([]);
});

test("shards that identify too fast are rejected", async () => {
  const { discord } = await open();
  const second = createClient(discord);
  second.login(discord.token).catch(() => {});
  await vi.waitFor(() => expect(discord.violations[0]).toContain("max_concurrency"), PATIENCE);
});

test("guilds arrive complete, lean, with unknown fields, or are unavailable for a while", async () => {
  const { discord, guild, client } = await open();
  for (const name of ["Lean", "Odd"]) discord.guild(name).channel();
  await vi.waitFor(() => expect(client.guilds.cache.size).toBe(3), PATIENCE);
  const away = vi.fn();
  client.on(Events.GuildUnavailable, away);
  discord.gateway.losesGuild(guild);
  await vi.waitFor(() => expect(away).toHaveBeenCalled(), PATIENCE);
  discord.gateway.findsGuild(guild);
  await vi.waitFor(() => expect(client.guilds.cache.get(guild.id)?.available).toBe(true), PATIENCE);
});
