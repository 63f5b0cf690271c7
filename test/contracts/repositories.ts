import { describe, expect, test } from "vitest";
import type { FindOriginals } from "../../src/conversation/final-answer.ts";
import type { MessageCache } from "../../src/conversation/message-cache.ts";
import type { ThreadMessage } from "../../src/platform.ts";
import { createDeliveries } from "../../src/store/tables/deliveries.ts";
import type { BindingStore } from "../../src/teams/binding-store.ts";
import { type OpenStoreBench, conversation, turnId } from "./store-bench.ts";

const said = (id: string, at: number, text = `${id}!`): ThreadMessage => ({
  id,
  author: { id: "ada", name: "Ada", kind: "person" },
  text,
  files: [],
  at,
});

/** What every store does with what is kept. */
export function repositoriesContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: what is kept`, () => {
    test("an event is claimed once", async () => {
      const { store } = await open();
      const taken = await Promise.all([1, 2, 3].map(() => store.claims.take("slack:T:C:1.2")));
      expect(taken).toEqual([true, false, false]);
    });

    test("the store is what teams and conversations ask for", async () => {
      const { store } = await open();
      const ports: [BindingStore, MessageCache, FindOriginals] = [
        store.bindings,
        store.messages,
        store.deliveries.originals,
      ];
      expect(ports).toHaveLength(3);
    });

    test("bindings are listed by what their keys begin with, as they stand now", async () => {
      const { store } = await open();
      const put = (key: string, value: string | null, expected = 0) =>
        store.bindings.put(key, { value, by: "ada", at: 1, expected });
      for (const key of ["slack:T", "slack:T:C", "slack:T2", "slack:T:D"]) await put(key, "solo");
      await put("slack:T:C", "duo", 1);
      await put("slack:T:D", null, 1);
      expect(await store.bindings.list("slack:T")).toMatchObject([
        { key: "slack:T", value: "solo", version: 1 },
        { key: "slack:T:C", value: "duo", version: 2 },
      ]);
    });

    test("a binding is written on the version it was read at, and every version stays", async () => {
      const { store } = await open();
      const put = (value: string | null, expected: number) =>
        store.bindings.put("slack:T", { value, by: "ada", at: expected, expected });
      expect(await put("duo", 0)).toBe(true);
      expect(await put("late", 0)).toBe(false);
      expect(await put("council", 1)).toBe(true);
      expect(await store.bindings.get(["slack:T", "slack:U"])).toMatchObject([
        { value: "council", version: 2, by: "ada" },
        null,
      ]);
      const history = await store.bindings.history("slack:T");
      expect(history.map(({ value }) => value)).toEqual(["council", "duo"]);
    });

    test("a binding that was removed can be written as if there had never been one", async () => {
      const { store } = await open();
      const put = (value: string | null, expected: number) =>
        store.bindings.put("slack:T", { value, by: "ada", at: 0, expected });
      await put("duo", 0);
      expect(await put(null, 1)).toBe(true);
      expect(await store.bindings.get(["slack:T"])).toEqual([null]);
      expect(await put("solo", 0)).toBe(true);
      expect(await store.bindings.get(["slack:T"])).toMatchObject([{ value: "solo", version: 3 }]);
    });

    test("cached messages come back oldest first, the latest edit of each", async () => {
      const { store } = await open();
      const mark = { turn: turnId("a"), kind: "final", chunk: 0 } as const;
      await store.messages.upsert(conversation, [said("b", 2), { ...said("a", 1), mark }]);
      await store.messages.upsert(conversation, [said("b", 2, "edited")]);
      expect(await store.messages.list(conversation)).toEqual([
        { ...said("a", 1), mark },
        said("b", 2, "edited"),
      ]);
    });

    test("a cached file keeps its name, and says where its bytes are", async () => {
      const { store } = await open();
      const about = { id: "f", name: "plan.pdf", mediaType: "application/pdf", bytes: 10 };
      const load = async () => new Uint8Array();
      await store.messages.upsert(conversation, [{ ...said("a", 1), files: [{ ...about, load }] }]);
      const [message] = await store.messages.list(conversation);
      expect(message?.files).toMatchObject([about]);
      await expect(message?.files[0]?.load(new AbortController().signal)).rejects.toThrow(
        "plan.pdf was not kept",
      );
    });

    test("a deleted message is forgotten, and a late page of history does not bring it back", async () => {
      const { store, time } = await open();
      await store.messages.upsert(conversation, [said("a", 1), said("b", 2)]);
      await store.messages.remove(conversation, ["a", "never seen"]);
      await store.messages.upsert(conversation, [said("a", 1)]);
      expect(await store.messages.list(conversation)).toEqual([said("b", 2)]);
      expect(await store.db.q("SELECT text FROM messages WHERE id = 'a'")).toMatchObject([
        { text: "" },
      ]);
      time.now += 11 * 60_000;
      await store.messages.upsert(conversation, [said("a", 1)]);
      expect(await store.messages.list(conversation)).toEqual([said("a", 1), said("b", 2)]);
    });

    test("a person's latest verdict on an answer counts, and can be taken back", async () => {
      const { store } = await open();
      await store.feedback.give(turnId("a"), "ada", "up");
      await store.feedback.give(turnId("a"), "bob", "up");
      await store.feedback.give(turnId("a"), "ada", "down");
      await store.feedback.give(turnId("a"), "bob", null);
      expect(await store.feedback.list(turnId("a"))).toEqual([
        { person: "ada", verdict: "down", reason: null, at: 1_000_000 },
      ]);
    });

    test("the reason of a rating goes with the rating, and with another verdict", async () => {
      const { feedback } = (await open()).store;
      const give = (verdict: "up" | "down" | null, reason?: string) =>
        feedback.give(turnId("a"), "ada", verdict, reason);
      expect([await give("down", "Wrong."), await give("down")]).toEqual([null, "down"]);
      expect(await feedback.list(turnId("a"))).toMatchObject([{ reason: "Wrong." }]);
      for (const verdict of ["up", "down"] as const) await give(verdict);
      expect(await feedback.list(turnId("a"))).toMatchObject([{ verdict: "down", reason: null }]);
    });

    test("the last look before a post is asked again when its answer came late, as to a process that was frozen", async () => {
      const { store, running } = await open();
      const turn = await running("a");
      const times = [0, 0, 20_000, 20_000, 20_001];
      const asked: string[] = [];
      const db = { ...store.db };
      const deliveries = createDeliveries(
        {
          ...db,
          q(sql, params) {
            asked.push(sql);
            return db.q(sql, params);
          },
        },
        () => times.shift() ?? 0,
      );
      await deliveries.confirm(turn);
      expect([asked.length, times]).toEqual([2, []]);
    });

    test("a post that waited for fractions of a millisecond is recorded in whole ones", async () => {
      const { store, running } = await open();
      const turn = await running("a");
      await store.deliveries.intend(turn, { kind: "final", parts: ["Yes."], original: "Yes." });
      const limits = { hits: 2, ms: 1_497.3151639999996 };
      await store.deliveries.posted(turn, { kind: "final", chunk: 0, messageId: "m1", limits });
      expect(await store.deliveries.times(turn.id)).toMatchObject([
        { state: "posted", limitsHit: 2, limitedMs: 1_498 },
      ]);
    });

    test("an adapter keeps texts under its own platform's keys", async () => {
      const { store } = await open();
      const [slack, discord] = [store.adapterState.of("slack"), store.adapterState.of("discord")];
      expect(await slack.get("a:1")).toBeNull();
      for (const key of ["b:1", "a:2", "a:1"]) await slack.put(key, `"${key}"`);
      await slack.put("a:1", `"new"`);
      await discord.put("a:3", "3");
      expect(await slack.get("a:1")).toBe(`"new"`);
      expect(await slack.keys("a:")).toEqual(["a:1", "a:2"]);
      await slack.remove("a:1");
      await slack.remove("a:1");
      expect(await slack.keys("")).toEqual(["a:2", "b:1"]);
      expect(await discord.get("a:3")).toBe("3");
    });

    test("threads that Parley stores keep their lines in order, each platform its own", async () => {
      const { store } = await open();
      const [web, api] = [store.threadLines.of("web"), store.threadLines.of("api")];
      expect(await web.read("one")).toEqual([]);
      const lines = Array.from({ length: 20 }, (_, n) => `{"n":${n}}`);
      for (const line of lines) await web.append("one", line, true);
      await Promise.all(lines.map((line) => api.append("one", line, false)));
      await web.append("b:2 / ü", "x", true);
      expect(await web.read("one")).toEqual(lines);
      expect((await api.read("one")).toSorted()).toEqual(lines.toSorted());
      expect((await web.list()).map(({ name }) => name).toSorted()).toEqual(["b:2 / ü", "one"]);
      expect(await store.threadLines.of("slack").list()).toEqual([]);
    });

    test("what a store transaction does is all or nothing, across nouns", async () => {
      const { store } = await open();
      const failed = store.tx(async (inside) => {
        await inside.claims.take("event");
        await inside.messages.upsert(conversation, [said("a", 1)]);
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await store.messages.list(conversation)).toEqual([]);
      expect(await store.claims.take("event")).toBe(true);
    });
  });
}
