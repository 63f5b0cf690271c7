import { expect, it } from "vitest";
import { createBackfillWait } from "../../../adapters/discord/gateway/listen.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const settled = async (promise: Promise<void>): Promise<boolean> => {
  const early = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([promise.then(() => true), early]);
};

it("delays new messages of a shard until its backfill has ended, and not those of other shards", async () => {
  const wait = createBackfillWait(createFakeClock());
  wait.start(1);
  const waiting = wait.wait(1);
  expect([await settled(waiting), await settled(wait.wait(2))]).toEqual([false, true]);
  wait.end(1);
  expect([await settled(waiting), await settled(wait.wait(1))]).toEqual([true, true]);
});

it("waits ten seconds at most", async () => {
  const clock = createFakeClock();
  const wait = createBackfillWait(clock);
  wait.start(0);
  const waiting = wait.wait(0);
  await clock.advance(10_000);
  expect(await settled(waiting)).toBe(true);
});

it("does not count time in which the process was frozen", async () => {
  const due: (() => void)[] = [];
  const clock = {
    now: () => 0,
    setTimer: (_: number, fn: () => void) => (due.push(fn), () => {}),
  };
  const wait = createBackfillWait(clock);
  wait.start(0);
  const waiting = wait.wait(0);
  // After a freeze, a timer that is due fires once.
  for (const fn of due.splice(0)) fn();
  expect(await settled(waiting)).toBe(false);
});
