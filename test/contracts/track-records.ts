import { describe, expect, test } from "vitest";
import { ConversationId } from "../../src/ids.ts";
import type { TrackBoard, TurnRecord } from "../../src/track-records/turn-record.ts";
import { type OpenStoreBench, conversation, turnId } from "./store-bench.ts";

const here = { platform: "test", space: "space" };
const elsewhere = ConversationId.parse("test:other%3Aspace:channel:thread");

const record: TurnRecord = {
  results: [["openai:a", "openai:b"], ["gemini:c"]],
  posted: 0,
  reads: [{ model: "openai:a", weight: 1, favours: [0.5, null] }],
};
const board = (turns: number): TrackBoard => ({ turns, models: [] });

/** What every store does with what turns say about models. */
export function trackRecordsContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: track records`, () => {
    test("the records of a space come back oldest first, the newest so many of them", async () => {
      const { store, time } = await open();
      for (const id of ["a", "b", "c"]) {
        time.now += 1;
        await store.trackRecords.add(turnId(id), conversation, record);
      }
      await store.trackRecords.add(turnId("d"), elsewhere, record);
      const all = await store.trackRecords.list(here, 10);
      expect(all.map(({ turn }) => turn)).toEqual(["a", "b", "c"]);
      expect(all[0]).toEqual({ ...record, turn: "a", marks: 0, ups: 0, downs: 0 });
      const newest = await store.trackRecords.list(here, 2);
      expect(newest.map(({ turn }) => turn)).toEqual(["b", "c"]);
      const other = await store.trackRecords.list({ platform: "test", space: "other:space" }, 9);
      expect(other.map(({ turn }) => turn)).toEqual(["d"]);
    });

    test("a turn is recorded once, however often it is concluded", async () => {
      const { store } = await open();
      await store.trackRecords.add(turnId("a"), conversation, record);
      await store.trackRecords.add(turnId("a"), conversation, { ...record, posted: 1 });
      expect(await store.trackRecords.list(here, 10)).toMatchObject([{ posted: 0 }]);
    });

    test("a record comes with people's marks, as they stand now", async () => {
      const { store } = await open();
      await store.trackRecords.add(turnId("a"), conversation, record);
      for (const person of ["ada", "ben"]) await store.feedback.give(turnId("a"), person, "up");
      await store.feedback.give(turnId("a"), "cleo", "down");
      await store.feedback.give(turnId("another"), "cleo", "down");
      expect(await store.trackRecords.list(here, 10)).toMatchObject([
        { marks: 1, ups: 2, downs: 1 },
      ]);
      await store.feedback.give(turnId("a"), "ben", null);
      expect(await store.trackRecords.list(here, 10)).toMatchObject([{ marks: 0 }]);
    });

    test("what was learned is kept by space, and older records go", async () => {
      const { store, time } = await open();
      for (const id of ["a", "b", "c"]) {
        time.now += 1;
        await store.trackRecords.add(turnId(id), conversation, record);
      }
      expect(await store.trackRecords.board(here)).toBeNull();
      const span = { first: turnId("b"), last: turnId("c") };
      await store.trackRecords.keep(here, board(2), span);
      await store.trackRecords.keep(here, board(3), span);
      expect(await store.trackRecords.board(here)).toEqual(board(3));
      expect(await store.trackRecords.boards()).toEqual([{ ...here, board: board(3) }]);
      const left = await store.trackRecords.list(here, 10);
      expect(left.map(({ turn }) => turn)).toEqual(["b", "c"]);
    });

    test("a space that forgets keeps nothing, not even what is being learned at that moment", async () => {
      const { store } = await open();
      await store.trackRecords.add(turnId("a"), conversation, record);
      await store.trackRecords.add(turnId("b"), elsewhere, record);
      const span = { first: turnId("a"), last: turnId("a") };
      await store.trackRecords.keep(here, board(1), span);
      expect(await store.trackRecords.forget(here)).toBe(1);
      await store.trackRecords.keep(here, board(1), span);
      expect(await store.trackRecords.board(here)).toBeNull();
      expect(await store.trackRecords.list(here, 10)).toEqual([]);
      expect(await store.trackRecords.forget(here)).toBe(0);
      const other = { platform: "test", space: "other:space" };
      expect(await store.trackRecords.list(other, 10)).toHaveLength(1);
    });

    test("a space is unlearned while a record or a mark is newer than what was learned", async () => {
      const { store, time } = await open();
      expect(await store.trackRecords.unlearned()).toEqual([]);
      await store.trackRecords.add(turnId("a"), conversation, record);
      expect(await store.trackRecords.unlearned()).toEqual([here]);
      time.now += 1;
      const span = { first: turnId("a"), last: turnId("a") };
      await store.trackRecords.keep(here, board(1), span);
      expect(await store.trackRecords.unlearned()).toEqual([]);
      time.now += 1;
      await store.feedback.give(turnId("a"), "ada", "up");
      expect(await store.trackRecords.unlearned()).toEqual([here]);
    });
  });
}
