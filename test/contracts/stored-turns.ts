import { describe, expect, test } from "vitest";
import { ConversationId, formatConversationId } from "../../src/ids.ts";
import { type OpenStoreBench, conversation, turnId } from "./store-bench.ts";

const other = ConversationId.parse("test:space:channel:other");

/** What every store does with turns. */
export function storedTurnsContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: turns`, () => {
    test("a turn keeps what it was asked with", async () => {
      const { store, add } = await open();
      await add("a");
      expect(await store.turns.get(turnId("a"))).toEqual({
        id: "a",
        queuedSince: null,
        expiredAt: null,
        settlesAt: null,
        conversation,
        seq: 1,
        state: "queued",
        outcome: null,
        request: "message of a",
        person: "test:ada",
        team: { name: "duo" },
        epoch: 0,
        attempts: 0,
        cancel: null,
        createdAt: 1_000_000,
        startedAt: null,
        endedAt: null,
      });
    });

    test("turns of one team share its snapshot, and earlier ones hold their own", async () => {
      const { store, add } = await open();
      for (const id of ["a", "b", "c"]) await add(id);
      expect(await store.db.q("SELECT team FROM team_snapshots")).toEqual([
        { team: '{"name":"duo"}' },
      ]);
      await store.db.q("UPDATE turns SET team = $1 WHERE id = $2", ['{"name":"solo"}', "b"]);
      const turns = await store.turns.recent(conversation, 3);
      expect(turns.map(({ team }) => team)).toEqual([
        { name: "duo" },
        { name: "solo" },
        { name: "duo" },
      ]);
      expect(await store.turns.start(turnId("a"))).toMatchObject({ team: { name: "duo" } });
    });

    test("turns take their places per conversation", async () => {
      const { add } = await open();
      const turns = await Promise.all([add("a"), add("b", other), add("c"), add("d", other)]);
      const places = (at: readonly number[]) => new Set(at.map((i) => turns[i]?.turn.seq));
      expect([places([0, 2]), places([1, 3])]).toEqual([new Set([1, 2]), new Set([1, 2])]);
    });

    test("the head of a lane is the earliest turn that is not done, running or not", async () => {
      const { store, add } = await open();
      for (const id of ["a", "b"]) await add(id);
      await store.turns.start(turnId("a"));
      expect(await store.turns.head(conversation)).toMatchObject({ id: "a", state: "running" });
      await store.turns.finish(turnId("a"), 1, "completed");
      expect(await store.turns.head(conversation)).toMatchObject({ id: "b", state: "queued" });
      expect(await store.turns.running(conversation)).toBeUndefined();
    });

    test("a turn whose message was written before those of others that wait goes before them, not before what runs", async () => {
      const { store, ask } = await open();
      await ask("third", 3);
      await store.turns.start(turnId("third"));
      await ask("fifth", 5);
      await ask("sixth", 6);
      expect(await ask("fourth", 4)).toMatchObject({ turn: { id: "fourth", seq: 2 }, ahead: 1 });
      await ask("seventh", 7);
      expect(await ask("second", 2)).toMatchObject({ turn: { id: "second", seq: 2 }, ahead: 1 });
      const waiting = await store.turns.waiting(conversation);
      const order = ["second", "fourth", "fifth", "sixth", "seventh"];
      expect(waiting.map(({ id }) => id)).toEqual(order);
      expect(waiting.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6]);
    });

    test("a turn that has begun steps back for those that were written before it, and is then not withdrawn but told to stop", async () => {
      const { store, ask } = await open();
      await ask("third", 3);
      await ask("fourth", 4);
      const began = await store.turns.start(turnId("third"));
      if (!began) throw new Error("it is done");
      expect(await store.turns.stepBack(began)).toBe(false);
      await ask("second", 2);
      expect(await store.turns.stepBack(began)).toBe(true);
      const waiting = await store.turns.waiting(conversation);
      expect(waiting.map(({ id }) => id)).toEqual(["second", "third", "fourth"]);
      const fenced = { name: "FencedError" };
      const ended = store.turns.finish(began.id, began.epoch, "completed");
      await expect(ended).rejects.toMatchObject(fenced);
      const stop = { by: "ada", reason: "stop" } as const;
      expect(await store.turns.cancel(began.id, stop)).toBe("stopping");
      expect(await store.turns.start(began.id)).toMatchObject({ epoch: 2, cancel: stop });
      await expect(store.turns.stepBack(began)).rejects.toMatchObject(fenced);
    });

    test("each start raises the epoch, and the end of an earlier start is refused", async () => {
      const { store, running, time } = await open();
      await running("a");
      time.now += 1000;
      expect(await store.turns.start(turnId("a"))).toMatchObject({
        epoch: 2,
        attempts: 2,
        startedAt: 1_000_000,
      });
      await expect(store.turns.finish(turnId("a"), 1, "completed")).rejects.toThrow(
        "start number 1",
      );
      await store.turns.finish(turnId("a"), 2, "completed");
      expect(await store.turns.start(turnId("a"))).toBeUndefined();
    });

    test("a hand-over takes the start back, unless somebody has started the turn since", async () => {
      const { store, running } = await open();
      await running("a");
      await store.turns.handOver(turnId("a"), 1);
      expect(await store.turns.get(turnId("a"))).toMatchObject({ state: "running", attempts: 0 });
      await store.turns.start(turnId("a"));
      await store.turns.handOver(turnId("a"), 1);
      expect(await store.turns.get(turnId("a"))).toMatchObject({ attempts: 1 });
    });

    test("of two stops the first one counts", async () => {
      const { store, running } = await open();
      await running("a");
      await store.turns.cancel(turnId("a"), { by: "ada", reason: "restart" });
      expect(await store.turns.cancel(turnId("a"), { by: "bob", reason: "stop" })).toBe("stopping");
      expect(await store.turns.get(turnId("a"))).toMatchObject({
        cancel: { by: "ada", reason: "restart" },
      });
    });

    test("lanes with an interrupted turn come first, then the longest waiting", async () => {
      const { store, add, time } = await open();
      const third = ConversationId.parse("test:space:channel:third");
      for (const [id, where] of [
        ["a", other],
        ["b", third],
        ["c", conversation],
      ] as const) {
        await add(id, where);
        time.now++;
      }
      await store.turns.start(turnId("c"));
      expect(await store.turns.lanes()).toEqual([conversation, other, third]);
    });

    test("a conversation's turns are listed newest first, and its waiting ones counted", async () => {
      const { store, add } = await open();
      for (const id of ["a", "b", "c"]) await add(id);
      await add("x", other);
      await store.turns.start(turnId("a"));
      const recent = await store.turns.recent(conversation, 2);
      expect(recent.map(({ id }) => id)).toEqual(["c", "b"]);
      expect(await store.turns.queued(conversation)).toBe(2);
      expect(await store.turns.queued(null)).toBe(3);
      expect((await add("d")).ahead).toBe(3);
    });

    test("the threads of a channel: those in which turns run, and the newest one's", async () => {
      const { store, time } = await open();
      const channel = { platform: "slack", space: "T1", channel: "C1" };
      expect(await store.turns.threads(channel)).toEqual({ running: [], latest: null });
      const threadOf = (name: string, where = channel) =>
        formatConversationId({ ...where, thread: name });
      const begin = async (id: string, conversation: ConversationId) => {
        const turn = { id: turnId(id), conversation, request: "m", person: "slack:U1", team: {} };
        time.now += 1;
        await store.turns.add(turn);
        return store.turns.start(turn.id);
      };
      const over = await begin("a", threadOf("1"));
      await begin("b", threadOf("2"));
      await begin("c", threadOf("3", { ...channel, channel: "C11" }));
      const ended = { type: "turn_ended", at: 1, outcome: "answered" } as const;
      await store.journal.append(turnId("a"), over?.epoch ?? 0, [ended]);
      expect(await store.turns.threads(channel)).toEqual({
        running: [threadOf("2")],
        latest: threadOf("2"),
      });
    });
  });
}
