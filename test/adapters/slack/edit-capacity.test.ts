import { describe, expect, it } from "vitest";
import {
  createEditCapacity,
  type EditCapacity,
} from "../../../adapters/slack/post/edit-capacity.ts";
import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createFakeClock, type FakeClock } from "../../support/fake-clock.ts";
import { ALONE, APART, leasesOf } from "../../support/usage-leases.ts";

const capacityOf = (clock: FakeClock, leases: UsageLeases = ALONE, processes = 1): EditCapacity =>
  createEditCapacity({ clock, leases, processes, resource: "edits T1" });

const names = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);

/** Those that are granted at once. */
const granted = (ids: readonly string[], ask: (id: string) => number) =>
  ids.filter((id) => ask(id) === 0);

describe("an open status", () => {
  it("has its closing edit reserved, however much progress the others show", async () => {
    const clock = createFakeClock();
    const capacity = capacityOf(clock);
    const ids = names(20);
    for (const id of ids) capacity.opened(id);
    for (let second = 0; second < 50; second++) {
      for (const id of ids) capacity.askProgress(id);
      await clock.advance(1_000);
    }
    expect(granted(ids, (id) => capacity.askClosing(id))).toEqual(ids);
  });

  it("is not posted where it could not be closed in time", () => {
    const capacity = capacityOf(createFakeClock());
    const posted = names(100).filter((id) => {
      const isFree = capacity.askOpening() === 0;
      if (isFree) capacity.opened(id);
      return isFree;
    });
    expect(posted.length).toBeGreaterThanOrEqual(40);
    expect(granted(posted, (id) => capacity.askClosing(id))).toEqual(posted);
  });

  it("that another process shows now takes no capacity here", async () => {
    const clock = createFakeClock();
    const capacity = capacityOf(clock);
    for (const id of names(49)) capacity.opened(id);
    expect(capacity.askOpening()).toBeGreaterThan(0);
    await clock.advance(60_000);
    expect(capacity.askOpening()).toBe(0);
  });
});

it("a single status may change every three seconds", async () => {
  const clock = createFakeClock();
  const capacity = capacityOf(clock);
  capacity.opened("m");
  let edits = 0;
  for (let n = 0; n < 20; n++) {
    edits += capacity.askProgress("m") === 0 ? 1 : 0;
    await clock.advance(3_000);
  }
  expect(edits).toBe(20);
});

it("progress edits are spread evenly over all statuses", async () => {
  const clock = createFakeClock();
  const capacity = capacityOf(clock);
  const edits = new Map(names(8).map((id) => [id, 0]));
  for (let second = 0; second < 120; second++) {
    for (const [id, count] of edits) if (capacity.askProgress(id) === 0) edits.set(id, count + 1);
    await clock.advance(1_000);
  }
  expect(Math.min(...edits.values())).toBeGreaterThanOrEqual(6);
});

it("no minute has more edits than Slack allows, and closing edits keep their order", async () => {
  const clock = createFakeClock();
  const capacity = capacityOf(clock);
  const waiting = names(120);
  const made: { readonly at: number; readonly id: string }[] = [];
  while (waiting.length > 0) {
    for (const id of waiting.splice(0))
      if (capacity.askClosing(id) === 0) made.push({ at: clock.now(), id });
      else waiting.push(id);
    await clock.advance(1_000);
  }
  const inMinuteFrom = (start: number) =>
    made.filter(({ at }) => at >= start && at < start + 60_000).length;
  expect(Math.max(...made.map(({ at }) => inMinuteFrom(at)))).toBeLessThanOrEqual(50);
  expect(made.map(({ id }) => id)).toEqual(names(120));
});

it("no edits are granted during a pause", async () => {
  const clock = createFakeClock();
  const capacity = capacityOf(clock);
  capacity.pause(5_000);
  expect([capacity.askClosing("a"), capacity.askProgress("b")]).toEqual([5_000, 5_000]);
  await clock.advance(5_000);
  expect(capacity.askClosing("a")).toBe(0);
});

describe("processes", () => {
  it("share the limit by need, and never exceed it together", async () => {
    const clock = createFakeClock();
    const [busy, idle] = leasesOf(3, clock).map((leases) => capacityOf(clock, leases, 3));
    if (!busy || !idle) throw new Error("There are three.");
    busy.opened("m0");
    await clock.advance(2_000);
    const closed = granted(names(60), (id) => busy.askClosing(id));
    expect(closed.length).toBeGreaterThanOrEqual(45);
    await clock.advance(2_000);
    idle.opened("n0");
    await clock.advance(2_000);
    expect(idle.askClosing("n0")).toBeGreaterThan(0);
    await clock.advance(60_000);
    expect(idle.askClosing("n0")).toBe(0);
  });

  it("use a fixed share where they cannot exchange their counts", () => {
    const clock = createFakeClock();
    const closed = Array.from({ length: 3 }, () => capacityOf(clock, APART, 3)).map(
      (capacity) => granted(names(60), (id) => capacity.askClosing(id)).length,
    );
    expect(closed).toEqual([15, 15, 15]);
  });
});
