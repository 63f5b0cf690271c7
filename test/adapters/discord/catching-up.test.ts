import { expect, it } from "vitest";
import { createCatchingUp } from "../../../adapters/discord/gateway/listen.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const settled = async (promise: Promise<void>): Promise<boolean> => {
  const early = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([promise.then(() => true), early]);
};

it("lets a shard's messages wait until what was said before has been read, and those of others pass", async () => {
  const catchingUp = createCatchingUp(createFakeClock());
  catchingUp.begins(1);
  const waiting = catchingUp.over(1);
  expect([await settled(waiting), await settled(catchingUp.over(2))]).toEqual([false, true]);
  catchingUp.ends(1);
  expect([await settled(waiting), await settled(catchingUp.over(1))]).toEqual([true, true]);
});

it("lets nobody wait for more than ten seconds", async () => {
  const clock = createFakeClock();
  const catchingUp = createCatchingUp(clock);
  catchingUp.begins(0);
  const waiting = catchingUp.over(0);
  await clock.advance(10_000);
  expect(await settled(waiting)).toBe(true);
});

it("does not count the time for which the process was stopped", async () => {
  const due: (() => void)[] = [];
  const clock = {
    now: () => 0,
    setTimer: (_: number, fn: () => void) => (due.push(fn), () => {}),
  };
  const catchingUp = createCatchingUp(clock);
  catchingUp.begins(0);
  const waiting = catchingUp.over(0);
  // However late: what was due meanwhile is called once.
  for (const fn of due.splice(0)) fn();
  expect(await settled(waiting)).toBe(false);
});
