import { expect, it } from "vitest";
import { createPolledLimiter } from "../../src/adapter-kit/rate-limit/polled-limiter.ts";
import {
  createTokenBucket,
  createCallWindow,
} from "../../src/adapter-kit/rate-limit/call-limits.ts";
import { ALONE } from "../support/usage-leases.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const rig = (perMinute = 40, burst = 4) => {
  const clock = createFakeClock();
  return {
    clock,
    limiter: createPolledLimiter({
      clock,
      createLimit: () => createTokenBucket({ perMinute, burst }),
    }),
  };
};

it("lets a burst through, then no more than a minute holds", async () => {
  const { clock, limiter } = rig();
  let made = 0;
  for (let second = 0; second < 60; second++) {
    for (let status = 0; status < 30; status++)
      made += limiter.ask(`s${status}`, false) === 0 ? 1 : 0;
    await clock.advance(1_000);
  }
  expect(made).toBeGreaterThanOrEqual(40);
  expect(made).toBeLessThanOrEqual(44);
});

it("starves nobody, however often others ask", async () => {
  const { clock, limiter } = rig(60, 1);
  const made = new Map<string, number>();
  for (let second = 0; second < 60; second++) {
    for (const key of ["a", "a", "a", "b", "c"])
      if (limiter.ask(key, false) === 0) made.set(key, (made.get(key) ?? 0) + 1);
    await clock.advance(1_000);
  }
  const counts = ["a", "b", "c"].map((key) => made.get(key) ?? 0);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(12);
});

it("serves the urgent first", async () => {
  const { clock, limiter } = rig(60, 1);
  limiter.ask("first", false);
  for (const key of ["a", "b"]) expect(limiter.ask(key, false)).toBeGreaterThan(0);
  expect(limiter.ask("end", true)).toBeGreaterThan(0);
  await clock.advance(1_000);
  expect([limiter.ask("a", false) > 0, limiter.ask("end", true)]).toEqual([true, 0]);
});

it("has who waits ask again soon, since what waits may become urgent", () => {
  const { limiter } = rig(1, 1);
  limiter.ask("a", false);
  expect(limiter.ask("b", false)).toBeLessThanOrEqual(3_000);
});

it("forgets who does not ask any more", async () => {
  const { clock, limiter } = rig(60, 1);
  for (const key of ["x", "gone", "b"]) limiter.ask(key, false);
  await clock.advance(14_000);
  limiter.ask("b", false);
  await clock.advance(2_000);
  expect(limiter.ask("b", false)).toBe(0);
});

it("pauses for as long as Slack says", async () => {
  const { clock, limiter } = rig();
  limiter.pause(10_000, "all");
  expect(limiter.ask("a", true)).toBe(10_000);
  await clock.advance(10_000);
  expect(limiter.ask("a", true)).toBe(0);
});

it("pauses those that can wait, and lets the urgent go on", () => {
  const { limiter } = rig();
  limiter.pause(10_000, "patient");
  expect([limiter.ask("a", false), limiter.ask("b", true)]).toEqual([10_000, 0]);
});

it("of what any minute holds, keeps a share for the urgent, who may have all of it at once", async () => {
  const clock = createFakeClock();
  const createLimit = () =>
    createCallWindow({ perMinute: 10, kept: 7, clock, processes: 1, leases: ALONE, resource: "" });
  const limiter = createPolledLimiter({ clock, createLimit });
  const granted = (name: string, count: number, urgent: boolean) =>
    Array.from({ length: count }, (_, n) => limiter.ask(`${name}${n}`, urgent)).filter(
      (ms) => ms === 0,
    ).length;
  expect(granted("status", 5, false)).toBe(3);
  await clock.advance(10_000);
  expect(granted("final", 9, true)).toBe(7);
  await clock.advance(49_999);
  expect(granted("final", 9, true)).toBe(0);
  await clock.advance(1);
  expect([granted("status", 5, false), granted("final", 9, true)]).toEqual([0, 3]);
});
