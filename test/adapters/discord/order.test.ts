import { describe, expect, it } from "vitest";
import type { Place } from "../../servers/discord/people/place.ts";
import { openMemory } from "./open-parley.ts";
import { parleyInDiscord, until, type World } from "./parley-in-discord.ts";

/** On Discord a thread has the id of the message it hangs on; on other servers its own. */
const SERVERS: readonly (readonly [string, World])[] = [
  ["Discord", {}],
  ["a server whose threads have ids of their own", { gaps: { ownThreadIds: true } }],
  [
    "a server whose ids tell no time",
    { gaps: { ownThreadIds: true, countsFrom: 1_200_000_000_000_000_000n } },
  ],
];

const OPEN = "POST /channels/:id/messages/:id/threads";
const READ = "GET /channels/:id/messages";

async function open(world: World) {
  const here = await parleyInDiscord({ ...world, isChecked: false });
  const { discord, ada, channel } = here;
  return {
    ...here,
    /** A question in the channel, and what is said in the thread on it before anybody has answered. */
    asks(then: string): Place {
      const question = ada.says(channel, "@Parley What is 2 + 2?");
      const thread = ada.startsThread(question, "Sums");
      ada.says(thread, then);
      return thread;
    },
    reads: () => discord.calls(READ).length,
    sums: async (place: Place, count: number) =>
      (await here.answered(place, count)).map(({ text }) => /= (\d+)/.exec(text)?.[1]),
  };
}

describe.each(SERVERS)(
  "on %s, a question is answered before what is said in its thread",
  (_, world) => {
    it.each(["@Parley And 3 + 3?", "And 3 + 3?"])(
      "when both are told again after a gap, and the thread opens slowly: %s",
      async (then) => {
        const here = await open(world);
        const { discord } = here;
        await here.join();
        discord.gateway.goesDown();
        const thread = here.asks(then);
        discord.faults.add(OPEN, { kind: "slow", ms: 20_000 });
        discord.gateway.comesBack();
        expect(await here.sums(thread, 2)).toEqual(["4", "6"]);
        expect(discord.gateway.resumes()).toBe(1);
      },
    );

    it("when the session has expired and its channel is read slowly, without delaying others", async () => {
      const here = await open(world);
      const { discord, ada, channel } = here;
      await here.join();
      discord.gateway.goesDown();
      discord.gateway.forgets();
      const question = ada.says(channel, "@Parley What is 2 + 2?");
      const thread = ada.startsThread(question, "Sums");
      const before = here.reads();
      discord.faults.add(READ, { kind: "slow", ms: 60_000 });
      discord.gateway.comesBack();
      discord.passes(10_000);
      await until(() => expect(here.reads()).toBeGreaterThan(before));
      ada.says(thread, "@Parley And 3 + 3?");
      expect(await here.sums(thread, 2)).toEqual(["4", "6"]);
      expect(discord.gateway.identifies()).toBe(2);
    });
  },
);

describe.each(SERVERS.slice(0, 2))("on %s", (_, world) => {
  it("an earlier question is answered first, although its channel could not be read", async () => {
    const here = await open(world);
    const { discord } = here;
    await here.join();
    discord.gateway.goesDown();
    discord.gateway.forgets();
    const thread = here.asks("@Parley And 3 + 3?");
    // The look at how ids are made, and the channel, each three times.
    discord.faults.add(READ, { kind: "status", status: 500 }, 6);
    discord.gateway.comesBack();
    discord.passes(10_000);
    expect(await here.sums(thread, 2)).toEqual(["4", "6"]);
  });
});

it("an earlier question is answered first, although the process that opened its thread stopped before accepting it", async () => {
  const env = { DISCORD_SHARDS: "0", DISCORD_SHARD_COUNT: "1" };
  const here = await open({ env });
  const { discord, ada, channel, finals } = here;
  const store = await openMemory();
  const stopped = Promise.withResolvers<void>();
  let isStopped = false;
  const late = { begun: 0, ended: 0 };
  await here.join({
    ...store,
    tx: async (work) => {
      if (!isStopped) return store.tx(work);
      late.begun++;
      await stopped.promise;
      return store.tx(work).finally(() => late.ended++);
    },
  });
  isStopped = true;
  const question = ada.says(channel, "@Parley What is 2 + 2?");
  await until(() => expect(discord.threadOf(question)).toBeDefined());
  discord.passes(10_000);
  discord.faults.add(READ, { kind: "slow", ms: 60_000 });
  const before = here.reads();
  await here.join(store);
  await until(() => expect(here.reads()).toBeGreaterThan(before));
  ada.says(question, "@Parley And 3 + 3?");
  expect(await here.sums(question, 2)).toEqual(["4", "6"]);
  stopped.resolve();
  await until(() => expect(late.ended).toBeGreaterThanOrEqual(2));
  await until(() => expect(late.ended).toBe(late.begun));
  expect(finals(question)).toHaveLength(2);
});

describe("a missed question is not answered", () => {
  it("when it is too old, whatever is written in its thread", async () => {
    const here = await open({});
    const { discord, ada, channel } = here;
    const { leave, store } = await here.join();
    await leave();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    const thread = ada.startsThread(question, "Sums");
    discord.passes(2 * 3_600_000);
    await here.join(store);
    ada.says(thread, "@Parley And 3 + 3?");
    expect(await here.sums(thread, 1)).toEqual(["6"]);
  });

  it("when Parley answered it before its store was lost", async () => {
    const here = await open({});
    const { ada, channel } = here;
    const { leave } = await here.join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await here.answered(question);
    await leave();
    await here.join();
    ada.says(question, "And 3 + 3?");
    expect(await here.sums(question, 2)).toEqual(["4", "6"]);
  });
});
