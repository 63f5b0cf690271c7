import { expect, test } from "vitest";
import { createUsageLeases } from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createMemoryState, leasesOf } from "../support/usage-leases.ts";

test("what one process uses the others know within a second, and only of that resource", async () => {
  const clock = createFakeClock();
  const [one, two, three] = leasesOf(3, clock);
  let calls = 3;
  one?.report("edits", () => ({ calls }));
  two?.report("edits", () => ({ calls: 1 }));
  three?.report("posts", () => ({ calls: 9 }));
  expect(one?.others("edits")).toBeUndefined();
  await clock.advance(1_000);
  expect([one?.others("edits"), three?.others("edits")]).toEqual([
    [{ calls: 1 }],
    expect.arrayContaining([{ calls: 3 }, { calls: 1 }]),
  ]);
  calls = 7;
  await clock.advance(2_000);
  expect(two?.others("edits")).toEqual([{ calls: 7 }]);
});

test("a process that uses nothing any more leaves no row behind, and asks no more", async () => {
  const clock = createFakeClock();
  const state = createMemoryState();
  const [one] = leasesOf(2, clock, state);
  let calls = 1;
  one?.report("edits", () => ({ calls }));
  await clock.advance(1_000);
  expect(await state.keys("")).toHaveLength(1);
  calls = 0;
  await clock.advance(2_000);
  expect(await state.keys("")).toEqual([]);
  expect(await clock.next()).toBe(false);
});

test("what a dead process told ends with its lease, and is cleared away", async () => {
  const clock = createFakeClock();
  const state = createMemoryState();
  await state.put("usage:dead", JSON.stringify({ until: 5_000, usage: { edits: { calls: 9 } } }));
  await state.put("usage:odd", "what is this?");
  const [one] = leasesOf(2, clock, state);
  one?.report("edits", () => ({ calls: 1 }));
  await clock.advance(1_000);
  expect(one?.others("edits")).toEqual([{ calls: 9 }]);
  await clock.advance(6_000);
  expect(one?.others("edits")).toEqual([]);
  await clock.advance(70_000);
  expect(await state.keys("")).toHaveLength(1);
});

test("while the store does not answer, nothing is known of the others", async () => {
  const clock = createFakeClock();
  const state = createMemoryState();
  const problems: unknown[] = [];
  let isDown = false;
  const leases = createUsageLeases({
    state: {
      ...state,
      put: (...row) => (isDown ? Promise.reject(new Error("down")) : state.put(...row)),
    },
    clock,
    wallClock: () => clock.now(),
    processes: 2,
    onProblem: (problem) => problems.push(problem),
  });
  leases.report("edits", () => ({ calls: 1 }));
  await clock.advance(1_000);
  expect(leases.others("edits")).toEqual([]);
  isDown = true;
  await clock.advance(10_000);
  expect(leases.others("edits")).toBeUndefined();
  expect(problems).not.toEqual([]);
  isDown = false;
  await clock.advance(2_000);
  expect(leases.others("edits")).toEqual([]);
});
