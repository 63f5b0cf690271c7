import { describe, expect, test } from "vitest";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";
import { neverOverspent } from "./budget-turns.ts";
import { type OpenStoreBench, turnId } from "./store-bench.ts";

const DAY = 86_400_000;
const meter = (owner: string, period = "day:one") => ({ owner, period, endsAt: DAY, label: "" });
const estimate = { tokens: 100, microUsd: 50 };
const [held, counted] = [meter("held"), meter("counted")];

/** What every store does with what is limited. */
export function budgetsContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: budgets`, () => {
    test("a reservation is kept back where something is limited, and counted where nothing is once the turn has ended", async () => {
      const { store, add } = await open();
      const read = () => store.budgets.read([held, counted]);
      await add("a");
      await store.budgets.reserve(turnId("a"), { held: [held], counted: [counted], estimate });
      expect(await read()).toMatchObject([
        { turns: 1, tokens: 0, reservedTokens: 100, reservedMicroUsd: 50 },
        { turns: 0, tokens: 0, reservedTokens: 0 },
      ]);
      await store.budgets.settle(turnId("a"), { tokens: 70, costUsd: 0.000_03 });
      const ended = { turns: 1, tokens: 70, microUsd: 30, reservedTokens: 0, reservedMicroUsd: 0 };
      expect(await read()).toMatchObject([ended, ended]);
    });

    test("a turn that ends without a word is booked at its estimate, one that never ran at nothing", async () => {
      const { store, running, add } = await open();
      await running("a");
      await add("b");
      for (const id of ["a", "b"])
        await store.budgets.reserve(turnId(id), { held: [held], counted: [counted], estimate });
      await store.turns.finish(turnId("a"), 1, "failed");
      await store.turns.cancel(turnId("b"), { by: "ada", reason: "stop" });
      const booked = { turns: 1, tokens: 100, microUsd: 50 };
      expect(await store.budgets.read([held, counted])).toMatchObject([booked, booked]);
      expect(await keptBack(store)).toEqual(NOTHING_KEPT_BACK);
    });

    test("a start that is over does not end the reservation of the next", async () => {
      const { store, running } = await open();
      await running("a");
      await store.budgets.reserve(turnId("a"), { held: [held], counted: [], estimate });
      await store.turns.start(turnId("a"));
      await expect(store.turns.finish(turnId("a"), 1, "completed")).rejects.toThrow(
        "start number 1",
      );
      expect(await keptBack(store)).toMatchObject({ tokens: 100, turns: 1 });
    });

    test("meters that are held together are each held once, and told in the order asked", async () => {
      const { store } = await open();
      const balances = await store.tx((inside) =>
        inside.budgets.hold([meter("b"), meter("a"), meter("b")]),
      );
      expect(balances.map(({ owner }) => owner)).toEqual(["b", "a", "b"]);
    });

    test("meters of periods long past are deleted, so that the table does not grow for ever", async () => {
      const { store, time } = await open();
      await store.budgets.hold([held]);
      time.now = 9 * DAY;
      await store.budgets.hold([{ ...counted, endsAt: 9 * DAY }]);
      await store.budgets.settle(turnId("unknown"), { tokens: 1, costUsd: 0 });
      expect(await store.db.q("SELECT owner FROM meters")).toMatchObject([{ owner: "counted" }]);
    });

    test("who used most comes first, by money, then by tokens", async () => {
      const { store } = await open();
      const used = [
        ["T@a", 10, 0.5],
        ["T@b", 900, 0],
        ["T@c", 20, 0.5],
        ["other@d", 5, 9],
      ] as const;
      for (const [owner, tokens, costUsd] of used) {
        const turn = turnId(owner);
        await store.budgets.reserve(turn, { held: [], counted: [meter(owner)], estimate });
        await store.budgets.settle(turn, { tokens, costUsd });
      }
      const most = await store.budgets.most("T@", "day:one", 2);
      expect(most.map(({ owner }) => owner)).toEqual(["T@c", "T@a"]);
    });

    test("turns that begin, end, are withdrawn and die all at once overspend nothing, and leave nothing kept back", async () => {
      const { store } = await open();
      await neverOverspent(store, { numRuns: 3, maxLength: 10 });
    });
  });
}
