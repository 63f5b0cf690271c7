import fc from "fast-check";
import { expect, test } from "vitest";
import { createMeter } from "../../src/moves/meter.ts";
import { withOtherLife } from "../../src/moves/other-life.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { propertyRuns } from "../support/property-runs.ts";

const MINUTE = 60_000;
const usage = { input: 10_000, cached: 0, cacheWritten: 0, output: 100 };

test("with 5 minutes, what an hour kept over a break would have been written again", () => {
  const tokens = { ...usage, cached: 8_000, cacheWritten: 500, cacheWrittenLong: 500 };
  expect(withOtherLife(tokens, "1h", { idleMs: 12 * MINUTE, kept: 8_000 })).toEqual({
    ...usage,
    cached: 0,
    cacheWritten: 8_500,
    cacheWrittenLong: 0,
  });
});

test("with an hour, what 5 minutes did not keep over a break would have been read", () => {
  const tokens = { ...usage, cacheWritten: 8_500 };
  expect(withOtherLife(tokens, "5m", { idleMs: 12 * MINUTE, kept: 8_000 })).toEqual({
    ...usage,
    cached: 8_000,
    cacheWritten: 500,
    cacheWrittenLong: 500,
  });
});

test("after a break longer than an hour, and within 5 minutes, only the price of writing differs", () => {
  for (const idleMs of [3 * MINUTE, 90 * MINUTE]) {
    const cached = idleMs < 5 * MINUTE ? 8_000 : 0;
    const tokens = { ...usage, cached, cacheWritten: 8_500 - cached };
    expect(withOtherLife(tokens, "5m", { idleMs, kept: 8_000 })).toEqual({
      ...tokens,
      cacheWrittenLong: tokens.cacheWritten,
    });
  }
});

test("where writing is not billed, what would not have been read is an ordinary part of the prompt", () => {
  const tokens = { ...usage, cached: 8_000 };
  expect(withOtherLife(tokens, "1h", { idleMs: 12 * MINUTE, kept: 8_000 })).toMatchObject({
    input: 10_000,
    cached: 0,
    cacheWritten: 0,
  });
});

test("the other life changes neither the prompt nor the answer, and reads and writes no more than there is", () => {
  const tokens = fc
    .tuple(fc.nat(9_000), fc.nat(9_000), fc.nat(9_000))
    .map(([fresh, cached, cacheWritten]) => ({
      input: fresh + cached + cacheWritten,
      cached,
      cacheWritten,
      output: 7,
    }));
  const before = fc.record({
    idleMs: fc.option(fc.nat(200 * MINUTE)),
    kept: fc.nat(20_000),
  });
  fc.assert(
    fc.property(
      tokens,
      fc.constantFrom("5m" as const, "1h" as const),
      before,
      (one, life, held) => {
        const other = withOtherLife(one, life, held);
        expect([other.input, other.output]).toEqual([one.input, one.output]);
        expect(other.cached).toBeGreaterThanOrEqual(0);
        expect(other.cacheWritten).toBeGreaterThanOrEqual(0);
        expect(other.cached + other.cacheWritten).toBeLessThanOrEqual(one.input);
      },
    ),
    { numRuns: propertyRuns(200) },
  );
});

test("a metered call has both prices, and its writes by how long they are kept", () => {
  const meter = createMeter({
    clock: createFakeClock(),
    cost: ({ input, cached, cacheWritten, cacheWrittenLong = 0 }) =>
      (input - cached - cacheWritten) * 1 +
      cached * 0.1 +
      (cacheWritten - cacheWrittenLong) * 1.25 +
      cacheWrittenLong * 2,
    fallbackCost: () => 7,
    cache: { life: "1h", before: () => ({ idleMs: 12 * MINUTE, kept: 8_000 }) },
  });
  meter.begin(10_000);
  meter.take({ type: "sent" });
  const reported = { input: 10_000, cached: 8_000, cacheWritten: 500, output: 0 };
  meter.take({ type: "done", finish: "stop", usage: { ...reported, output: 100 } });
  const { costUsd, otherLifeCostUsd, cacheWritten, cacheWrittenLong } = meter.read();
  expect(costUsd).toBeCloseTo(1_500 + 800 + 1_000);
  expect(otherLifeCostUsd).toBeCloseTo(1_500 + 8_500 * 1.25);
  // The provider did not report which life the writes have, so they have the one asked for.
  expect({ cacheWritten, cacheWrittenLong }).toEqual({ cacheWritten: 500, cacheWrittenLong: 500 });
});
