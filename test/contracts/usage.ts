import { describe, expect, test } from "vitest";
import { ConversationId } from "../../src/ids.ts";
import { type OpenStoreBench, conversation, turnId } from "./store-bench.ts";

/** What every store does with the usage of turns. */
export function usageContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: usage`, () => {
    const used = {
      turn: turnId("a"),
      conversation,
      person: "test:ada",
      agent: "one",
      model: "m",
      input: 100,
      cached: 40,
      cacheWritten: 30,
      cacheWrittenLong: 20,
      output: 10,
      costUsd: 0.25,
      estimated: 0,
    };

    test("usage is summed by place, person and period; what has no price is counted, not taken for free", async () => {
      const { store, time } = await open();
      const elsewhere = ConversationId.parse("test:space:other:thread");
      await store.usage.record([used, { ...used, agent: "two", costUsd: null, estimated: 20 }]);
      time.now += 1000;
      await store.usage.record([
        { ...used, turn: turnId("b"), conversation: elsewhere, person: "test:bob" },
      ]);
      const written = { cacheWritten: 30, cacheWrittenLong: 20 };
      const tokens = { input: 100, cached: 40, ...written, output: 10, estimated: 0 };
      const one = { turns: 1, ...tokens, costUsd: 0.25, unpriced: 0 };
      expect(await store.usage.sum({ platform: "test", space: "space" })).toEqual({
        turns: 2,
        input: 300,
        cached: 120,
        cacheWritten: 90,
        cacheWrittenLong: 60,
        output: 30,
        costUsd: 0.5,
        unpriced: 1,
        estimated: 20,
      });
      expect(await store.usage.sum({ channel: "other" })).toEqual(one);
      expect(await store.usage.sum({ person: "test:bob" })).toEqual(one);
      expect(await store.usage.sum({ from: 1_000_500 })).toEqual(one);
      expect(await store.usage.sum({ until: 1_000_000 })).toMatchObject({ turns: 0, costUsd: 0 });
    });

    test("usage by agent lists the most tokens first", async () => {
      const { store } = await open();
      await store.usage.record([used, { ...used, agent: "two", input: 500 }]);
      const byAgent = await store.usage.sumBy("agent", { turn: turnId("a") });
      expect(byAgent.map(({ key, input }) => [key, input])).toEqual([
        ["two", 500],
        ["one", 100],
      ]);
    });

    test("a resumed turn that records its usage again does not count twice", async () => {
      const { store } = await open();
      await store.usage.record([used]);
      await store.usage.record([{ ...used, output: 30 }]);
      expect(await store.usage.sum({})).toMatchObject({ turns: 1, input: 100, output: 30 });
    });
  });
}
