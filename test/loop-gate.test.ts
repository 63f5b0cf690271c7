import { expect, test } from "vitest";
import { createLoopGate } from "../src/loop-gate.ts";

/** Pieces of work that take so long each, in ms, and the iterations of the event loop in which they ran. */
async function run(pieces: number, pieceMs: number) {
  const clock = { now: 0 };
  const gate = createLoopGate(() => clock.now);
  const ran: { piece: number; iteration: number }[] = [];
  let iteration = 0;
  let next = setImmediate(() => {});
  const count = () => {
    iteration += 1;
    next = setImmediate(count);
  };
  count();
  await Promise.all(
    Array.from({ length: pieces }, async (_, piece) => {
      await gate();
      ran.push({ piece, iteration });
      clock.now += pieceMs;
    }),
  );
  clearImmediate(next);
  return ran;
}

test("work that fits into a slice runs in one iteration of the event loop", async () => {
  const ran = await run(7, 1);
  expect(new Set(ran.map(({ iteration }) => iteration)).size).toBe(1);
});

test("past a slice the rest waits for the next iteration, in order", async () => {
  const ran = await run(100, 3);
  expect(ran.map(({ piece }) => piece)).toEqual(Array.from({ length: 100 }, (_, at) => at));
  const perIteration = Object.values(Object.groupBy(ran, ({ iteration }) => iteration));
  expect(Math.max(...perIteration.map((pieces) => pieces?.length ?? 0))).toBe(3);
});

test("whoever comes while others wait goes behind them", async () => {
  const clock = { now: 0 };
  const gate = createLoopGate(() => clock.now);
  const ran: string[] = [];
  const work = async (name: string) => {
    await gate();
    ran.push(name);
    clock.now += 10;
    if (name === "b") later.resolve(work("late"));
  };
  const later = Promise.withResolvers<void>();
  await Promise.all(["a", "b", "c", "d"].map(work));
  await later.promise;
  expect(ran).toEqual(["a", "b", "c", "d", "late"]);
});
