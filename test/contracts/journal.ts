import { describe, expect, test, vi } from "vitest";
import { type EventOf, RevisionId, type TurnEvent } from "../../src/coordination/turn-event.ts";
import { type OpenStoreBench, turnId } from "./store-bench.ts";
import { PATIENCE } from "../support/patience.ts";

const passed = (at: number): TurnEvent => ({ type: "time_passed", at });
const letter = (id: string) => ({ id, author: "Ada", text: `${id}!` });
const steered = (id: string): TurnEvent => ({
  type: "message_steered",
  at: 1,
  message: letter(id),
});
const closed: EventOf<"turn_closed"> = {
  type: "turn_closed",
  at: 2,
  closedBy: "settled",
  limit: null,
  revision: null,
  decidedBy: null,
  unseen: [],
};

const closing = (messages: number, choices: number) => ({
  events: [closed, ended],
  known: { messages, choices },
});

const ended: TurnEvent = { type: "turn_ended", at: 2, outcome: "answered" };

/** What every store does with journal and inbox. */
export function journalContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: journal and inbox`, () => {
    test("events are read back in the order they were written", async () => {
      const { store, running } = await open();
      const { id, epoch } = await running("a");
      await store.journal.append(id, epoch, [passed(3)]);
      await store.journal.append(id, epoch, [passed(1), passed(2)]);
      expect(await store.journal.read(id)).toEqual([passed(3), passed(1), passed(2)]);
      expect(await store.journal.read(turnId("b"))).toEqual([]);
    });

    test("a start that is over can write nothing", async () => {
      const { store, running } = await open();
      const { id, epoch } = await running("a");
      await store.turns.start(id);
      const fenced = { name: "FencedError" };
      await expect(store.journal.append(id, epoch, [passed(1)])).rejects.toMatchObject(fenced);
      await expect(store.journal.close(id, epoch, closing(0, 0))).rejects.toMatchObject(fenced);
      await expect(store.inbox.close(id, epoch)).rejects.toMatchObject(fenced);
      expect(await store.journal.read(id)).toEqual([]);
    });

    test("an entry that cannot be read is named", async () => {
      const { store, running } = await open();
      const { id, epoch } = await running("a");
      await store.journal.append(id, epoch, [passed(1)]);
      await store.db.q("UPDATE journal SET event = $1", ['{"type":"from_the_future"}']);
      expect(await store.journal.readable(id)).toEqual([]);
      await expect(store.journal.read(id)).rejects.toThrow(
        "Entry 1 of the journal of turn a cannot be read: a newer version wrote it",
      );
    });

    test("the inbox takes messages while the turn runs, each once, and no others", async () => {
      const { store, running, add } = await open();
      await add("queued");
      const { id, epoch } = await running("a");
      expect(await store.inbox.add(turnId("queued"), letter("m"))).toBe(false);
      for (const name of ["m1", "m2", "m1"])
        expect(await store.inbox.add(id, letter(name))).toBe(true);
      expect(await store.inbox.list(id)).toEqual([letter("m1"), letter("m2")]);
      await store.turns.finish(id, epoch, "completed");
      expect(await store.inbox.add(id, letter("m3"))).toBe(false);
    });

    test("a turn closes only when all its inbox was known; else all of it comes back, and nothing is written", async () => {
      const { store, running } = await open();
      const { id, epoch } = await running("a");
      for (const name of ["m1", "m2"]) await store.inbox.add(id, letter(name));
      await store.journal.append(id, epoch, [steered("m1")]);
      expect(await store.journal.close(id, epoch, closing(1, 0))).toEqual({
        messages: [letter("m1"), letter("m2")],
        choices: [],
      });
      expect(await store.journal.read(id)).toEqual([steered("m1")]);
      expect(await store.inbox.add(id, letter("m3"))).toBe(true);
      expect(await store.journal.close(id, epoch, closing(3, 0))).toBeNull();
      expect(await store.inbox.add(id, letter("m4"))).toBe(false);
      expect(await store.journal.read(id)).toEqual([steered("m1"), closed, ended]);
    });

    test("a message that races the close is either in the inbox of an open turn or refused", async () => {
      for (const order of ["add first", "close first"]) {
        const { store, running } = await open();
        const { id, epoch } = await running("a");
        const add = () => store.inbox.add(id, letter("m"));
        const close = () => store.journal.close(id, epoch, closing(0, 0));
        const calls = order === "add first" ? [add(), close()] : [close(), add()];
        const outcome = await Promise.all(calls);
        const [added, told] = order === "add first" ? outcome : outcome.toReversed();
        expect(told).toEqual(added === true ? { messages: [letter("m")], choices: [] } : null);
      }
    });

    test("a turn closes only when every choice that people made was known", async () => {
      const { store, running, add } = await open();
      const chosen = (person: string) => ({ person, revision: RevisionId.parse("ann.1") });
      await add("queued");
      expect(await store.choices.add(turnId("queued"), chosen("U1"))).toBe(false);
      const { id, epoch } = await running("a");
      for (const person of ["U1", "U2"])
        expect(await store.choices.add(id, chosen(person))).toBe(true);
      const told = { messages: [], choices: [chosen("U1"), chosen("U2")] };
      expect(await store.journal.close(id, epoch, closing(0, 1))).toEqual(told);
      expect(await store.journal.close(id, epoch, closing(0, 2))).toBeNull();
      expect(await store.choices.add(id, chosen("U3"))).toBe(false);
      expect((await store.peopleInput(id)).choices).toEqual(told.choices);
    });

    test("a turn that is given up hands out all that its inbox holds", async () => {
      const { store, running } = await open();
      const { id, epoch } = await running("a");
      await store.inbox.add(id, letter("m"));
      expect(await store.inbox.close(id, epoch)).toEqual([letter("m")]);
      expect(await store.inbox.add(id, letter("n"))).toBe(false);
    });

    test("who watches a turn hears of each message put into its inbox, and of no other's", async () => {
      const { store, running } = await open();
      const { id } = await running("a");
      const known: string[] = [];
      const stop = await store.onPeopleInput(id, () => known.push("m"));
      const elsewhere = await store.onPeopleInput(turnId("b"), () => known.push("b"));
      await store.inbox.add(id, letter("m"));
      await vi.waitFor(() => expect(known).toEqual(["m"]), PATIENCE);
      await Promise.all([stop(), elsewhere()]);
    });
  });
}
