import { describe, expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { finalOf, markOf } from "../../contracts/platform-samples.ts";
import { openMemory } from "./open-parley.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

describe("a failed start says what to change", () => {
  it("for an unknown token", async () => {
    const { join, exits } = await parleyInDiscord({ env: { DISCORD_TOKEN: "wrong" } });
    await expect(join()).rejects.toThrow(/does not accept DISCORD_TOKEN: press Reset Token/);
    expect(exits).toEqual([]);
  });

  it("for an intent that is not enabled", async () => {
    const { join } = await parleyInDiscord({ privileged: { messageContent: false } });
    await expect(join()).rejects.toThrow(/switch on “Message Content Intent” under .* → Bot/);
  });

  it("for an unreachable server", async () => {
    const { join } = await parleyInDiscord({ env: { DISCORD_API_URL: "http://127.0.0.1:9/api" } });
    await expect(join()).rejects.toThrow(/cannot be reached: .*DISCORD_API_URL/);
  });

  it("for too few shards", async () => {
    const env = { DISCORD_SHARDS: "0-1" };
    await expect((await parleyInDiscord({ env })).join()).rejects.toThrow(/DISCORD_SHARD_COUNT/);
  });
});

it("without the privileged intent, Parley answers mentions and direct messages", async () => {
  const { join, ada, channel, answered } = await parleyInDiscord({
    privileged: { messageContent: false },
    env: { DISCORD_MESSAGE_CONTENT: "off" },
  });
  await join();
  await answered(ada.says(channel, "@Parley What is 2 + 2?"));
  ada.says(ada.dm, "What is 3 + 3?");
  await answered(ada.dm);
});

describe("when Discord ends the connection", () => {
  it.each([
    [4004, /press Reset Token/],
    [4014, /Message Content Intent/],
    [4013, /does not know an intent/],
  ])("a close with %i ends the process, and says what to do", async (code, words) => {
    const { join, discord, exits, problems } = await parleyInDiscord();
    await join();
    discord.gateway.closesWith(code);
    await until(() => expect(exits).toEqual([1]));
    expect(problems.join()).toMatch(words);
  });

  it("a reset token ends the process at the first call", async () => {
    const { join, discord, ada, channel, exits, problems } = await parleyInDiscord();
    await join();
    discord.resetsToken();
    ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(exits[0]).toBe(1));
    expect(problems.join()).toMatch(/press Reset Token/);
  });
});

describe("every message is answered exactly once", () => {
  it("when the connection breaks and resumes", async () => {
    const { join, discord, ada, channel, answered, finals } = await parleyInDiscord();
    await join();
    const first = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(first);
    discord.gateway.drops();
    const second = ada.says(channel, "@Parley What is 3 + 3?");
    await answered(second);
    expect(discord.gateway.resumes()).toBe(1);
    expect(finals(first)).toHaveLength(1);
  });

  it("when the session has expired: channels, threads and direct messages are backfilled", async () => {
    const { join, discord, ada, channel, answered, finals } = await parleyInDiscord();
    await join();
    const first = ada.says(channel, "@Parley What is 2 + 2?");
    ada.says(ada.dm, "What is 1 + 1?");
    await Promise.all([answered(first), answered(ada.dm)]);
    discord.gateway.goesDown();
    discord.gateway.forgets();
    ada.says(first, "And 3 + 3?");
    const second = ada.says(channel, "@Parley What is 4 + 4?");
    ada.says(ada.dm, "And 5 + 5?");
    discord.gateway.comesBack();
    discord.passes(10_000);
    await Promise.all([answered(first, 2), answered(second), answered(ada.dm, 2)]);
    expect(finals(first)).toHaveLength(2);
  });

  it("when Discord rate limits some channels: the others do not wait for them", async () => {
    const { join, discord, guild, ada, finals } = await parleyInDiscord({ times: 2 });
    await join();
    discord.gateway.goesDown();
    discord.gateway.forgets();
    const channels = Array.from({ length: 8 }, (_, n) => guild.channel(`room-${n}`));
    const questions = channels.map((one) => ada.says(one, "@Parley What is 2 + 2?"));
    // Three looks at how ids are made, and then four channels.
    const limit = { kind: "limit", retryAfterMs: 60_000, scope: "user" } as const;
    discord.faults.add("GET /channels/:id/messages", limit, 7);
    discord.gateway.comesBack();
    discord.passes(10_000);
    await until(() =>
      expect(
        questions.filter((one) => discord.threadOf(one) && finals(one).length > 0).length,
      ).toBeGreaterThanOrEqual(4),
    );
  });

  it("when Parley was offline, unless the message is too old", async () => {
    const env: Record<string, string> = {};
    const { join, discord, ada, channel, answered, finals } = await parleyInDiscord({ env });
    const first = await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    await first.leave();
    ada.says(question, "And 3 + 3?");
    discord.passes(5_000);
    env["DISCORD_FRESH_MINUTES"] = "0";
    const second = await join(first.store);
    await until(() => expect(discord.gateway.connections()).toBe(1));
    await second.leave();
    expect(finals(question)).toHaveLength(1);
    discord.passes(5_000);
    delete env["DISCORD_FRESH_MINUTES"];
    await join(first.store);
    await answered(question, 2);
  });

  it("when a backfill fails, and other messages are answered before the next one", async () => {
    const { join, discord, ada, guild, channel, answered } = await parleyInDiscord();
    const first = await join();
    await answered(ada.says(channel, "@Parley What is 2 + 2?"));
    await first.leave();
    const missed = ada.says(channel, "@Parley And 3 + 3?");
    discord.passes(300_000);
    const isRead = (route: string) => /^GET \/channels\/:\w+\/messages$/.test(route);
    discord.faults.sometimes((route) =>
      isRead(route) ? { kind: "status", status: 500 } : undefined,
    );
    const second = await join(first.store);
    await answered(ada.says(guild.channel(), "@Parley What is 4 + 4?"));
    await second.leave();
    discord.faults.clear();
    await join(first.store);
    await answered(missed);
  });

  it("when it was written before the answer to an earlier question, and the store has no record", async () => {
    const here = await parleyInDiscord({ pace: 2 });
    const { join, discord, ada, channel, answered, finals, forgets } = here;
    const first = await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await until(() => expect(here.statuses(question)).toHaveLength(1));
    discord.gateway.goesDown();
    ada.says(question, "And 3 + 3?");
    await answered(question);
    await first.leave();
    await forgets();
    discord.gateway.comesBack();
    discord.passes(5_000);
    await join(first.store);
    await answered(question, 2);
    expect(finals(question)).toHaveLength(2);
  });

  it("when the store fails at first", async () => {
    const { join, ada, channel, answered } = await parleyInDiscord();
    const store = await openMemory();
    let failures = 2;
    await join({
      ...store,
      tx: (work) => (failures-- > 0 ? Promise.reject(new Error("locked")) : store.tx(work)),
    });
    await answered(ada.says(channel, "@Parley What is 2 + 2?"));
  });
});

describe("many servers", () => {
  it("are served by the shards of one process", async () => {
    const here = await parleyInDiscord({ shards: 3, maxConcurrency: 3 });
    await here.join();
    expect(here.discord.gateway.connections()).toBe(3);
    const rooms = ["One", "Two", "Three", "Four"].map((name) => here.discord.guild(name));
    const asked = rooms.map((guild) => {
      return guild.user("Ada").says(guild.channel(), "@Parley What is 2 + 2?");
    });
    await Promise.all(asked.map((question) => here.answered(question)));
  });

  it("are divided among processes with a range each", async () => {
    const env: Record<string, string> = { DISCORD_SHARD_COUNT: "2" };
    const here = await parleyInDiscord({ shards: 2, maxConcurrency: 2, env });
    for (const shard of ["0", "1"]) {
      env["DISCORD_SHARDS"] = shard;
      await here.join();
    }
    const rooms = ["One", "Two", "Three"].map((name) => here.discord.guild(name));
    const asked = rooms.map((guild) => {
      return guild.user("Ada").says(guild.channel(), "@Parley What is 2 + 2?");
    });
    await Promise.all(asked.map((question) => here.answered(question)));
    expect(here.discord.calls("PUT /applications/:id/commands")).toHaveLength(1);
  });
});

it("a process that stops handles no more events, but can still post answers", async () => {
  const { join, ada, channel, answered, guild, discord } = await parleyInDiscord();
  const { platform } = await join();
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await answered(question);
  await platform.stop();
  expect(discord.gateway.connections()).toBe(0);
  const conversation = conversationOf({
    guild: guild.id,
    channel: channel.id,
    thread: question.id,
  });
  await platform.post(conversation, finalOf("late"), markOf("final"));
  await answered(question, 2);
});
