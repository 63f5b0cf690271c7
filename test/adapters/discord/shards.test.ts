import { expect, it, onTestFinished, vi } from "vitest";
import { createDiscord as createAdapter } from "../../../adapters/discord/index.ts";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import type { TakeLock } from "../../../src/adapter-storage.ts";
import { finalOf, markOf } from "../../contracts/platform-samples.ts";
import { createDiscord } from "../../servers/discord/discord.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { createScriptedTeam } from "../../support/scripted-team.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";
import { PATIENCE } from "../../support/patience.ts";

/** A bot of two shards, and identical processes of it on one store. */
async function bot() {
  const clock = createFastClock(40);
  const discord = await createDiscord({ clock, shards: 2 });
  onTestFinished(() => discord.stop());
  const [one, two] = [discord.guild("One"), discord.guild("Two")];
  const rooms = [one, two].map((guild) => ({ ada: guild.user("Ada"), channel: guild.channel() }));
  const store = await openMemory();
  const on = { dir: await temporaryFolder(), store, clock };
  const { ports, state } = await openParley(on, () => {});
  const process = async () => {
    const intake = createScriptedTeam();
    const shards = new Map<string, AbortController>();
    const taken: string[] = [];
    const take: TakeLock = async (name) => {
      const lock = await store.db.lock(name);
      if (!lock || !name.startsWith("discord:shard:")) return lock;
      const cut = new AbortController();
      shards.set(name, cut);
      taken.push(name);
      const release = async () => {
        shards.delete(name);
        await lock.release();
      };
      return { lost: AbortSignal.any([lock.lost, cut.signal]), release };
    };
    const problems: unknown[] = [];
    const { platform } = await createAdapter({
      env: discord.env(),
      state: state.of("discord"),
      take,
      commands: ports,
      exit: (code) => expect.fail(`It left with ${code}.`),
      onProblem: (problem) => problems.push(problem),
      clock,
      wallClock: () => discord.world.time.now(),
    });
    onTestFinished(() => platform.stop());
    return {
      platform,
      start: () => platform.start(intake),
      shards: () => [...shards.keys()].toSorted(),
      /** The session that a shard's lock stands on is gone. */
      loses: (name: string) => shards.get(name)?.abort(),
      /** What was said while it caught up may be handed on twice; Parley's intake claims it once. */
      heard: () => [...new Map(intake.messages.map(({ id, text }) => [id, text])).values()],
      /** Every shard taken, as often as it was. */
      taken,
      problems,
    };
  };
  const say = (text: string) => {
    for (const { ada, channel } of rooms) ada.says(channel, `@Parley ${text}`);
  };
  return { discord, process, say, guild: one, room: rooms[0] };
}

const ALL = ["discord:shard:0/2", "discord:shard:1/2"];

it("identical processes that start together divide the shards, and one handles each message", async () => {
  const { discord, process, say } = await bot();
  const [a, b] = [await process(), await process()];
  await Promise.all([a.start(), b.start()]);
  expect([...a.shards(), ...b.shards()].toSorted()).toEqual(ALL);
  expect(a.shards()).toHaveLength(1);
  expect(discord.gateway.connections()).toBe(2);
  say("Hello");
  await vi.waitFor(() => expect([...a.heard(), ...b.heard()]).toHaveLength(2), PATIENCE);
  expect(discord.calls("PUT /applications/:id/commands")).toHaveLength(1);
  expect([...a.problems, ...b.problems].map(String)).toEqual([]);
});

it("a process without shards can post, and takes over the shards of one that stops, with the messages missed in between", async () => {
  const { discord, process, say, guild, room } = await bot();
  const [a, b] = [await process(), await process()];
  await a.start();
  await b.start();
  expect([a.shards(), b.shards()]).toEqual([ALL, []]);
  say("one");
  await vi.waitFor(() => expect(a.heard()).toHaveLength(2), PATIENCE);
  const place = { guild: guild.id, channel: room?.channel.id ?? "", thread: "" };
  const thread = room?.ada.startsThread(room.ada.says(room.channel, "Look"), "Look");
  const conversation = conversationOf({ ...place, thread: thread?.id ?? "" });
  await b.platform.post(conversation, finalOf("posted"), markOf("final"));
  await a.platform.stop();
  discord.passes(1_000);
  say("between");
  await vi.waitFor(() => expect(b.shards()).toEqual(ALL), PATIENCE);
  await vi.waitFor(() => expect(b.heard()).toContain("between"), PATIENCE);
  say("after");
  await vi.waitFor(
    () => expect(b.heard().filter((text) => text === "after")).toHaveLength(2),
    PATIENCE,
  );
  await vi.waitFor(
    () => expect(b.heard().filter((text) => text === "between")).toHaveLength(2),
    PATIENCE,
  );
});

it("a shard whose lock is lost is closed, and the next holder of the lock connects it", async () => {
  const { discord, process, say } = await bot();
  const a = await process();
  await a.start();
  a.loses("discord:shard:1/2");
  await vi.waitFor(() => expect(a.taken).toEqual([...ALL, "discord:shard:1/2"]), PATIENCE);
  await vi.waitFor(() => expect(discord.gateway.connections()).toBe(2), PATIENCE);
  say("again");
  await vi.waitFor(() => expect(a.heard()).toEqual(["again", "again"]), PATIENCE);
});
