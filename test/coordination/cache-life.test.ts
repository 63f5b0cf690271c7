import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseCacheLife } from "../../src/coordination/cache-life.ts";
import { propertyRuns } from "../support/property-runs.ts";

const MINUTE = 60_000;
const after = (...minutes: readonly number[]) => ({
  gaps: minutes.map((one) => one * MINUTE),
  idleMs: null,
});
const lifeAfter = (...minutes: readonly number[]) =>
  chooseCacheLife("auto", after(...minutes)).life;

test("a thread in which people answer within five minutes needs the short life only", () => {
  expect(lifeAfter(0.5, 1, 4.9, 2)).toBe("5m");
});

test("a thread in which people answer in minutes is kept for an hour", () => {
  expect(lifeAfter(12)).toBe("1h");
  expect(lifeAfter(3, 12, 40, 8)).toBe("1h");
});

test("a thread in which people answer after hours pays for no hour that ends before they come", () => {
  expect(lifeAfter(180, 300, 90)).toBe("5m");
  expect(lifeAfter(30, 180, 300, 200)).toBe("5m");
});

test("the first question of a thread takes the short life, since most threads have one question", () => {
  expect(chooseCacheLife("auto", { gaps: [], idleMs: null })).toEqual({
    life: "5m",
    by: "pace",
    paceMs: null,
    idleMs: null,
  });
});

test("only the recent pace counts", () => {
  expect(lifeAfter(20, 20, 20, 20, 1, 1, 1, 1, 1, 1)).toBe("5m");
});

test("a team's own setting is kept at any pace, and said to be the team's", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("5m" as const, "1h" as const),
      fc.array(fc.nat(400 * MINUTE)),
      (setting, gaps) => {
        expect(chooseCacheLife(setting, { gaps, idleMs: gaps.at(-1) ?? null })).toMatchObject({
          life: setting,
          by: "team",
        });
      },
    ),
    { numRuns: propertyRuns(50) },
  );
});

test("gaps that are all on one side of both lives are never charged for the longer one", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.nat(5 * MINUTE)),
        fc.array(fc.integer({ min: 60 * MINUTE + 1, max: 900 * MINUTE })),
      ),
      (gaps) => {
        expect(chooseCacheLife("auto", { gaps, idleMs: null }).life).toBe("5m");
      },
    ),
    { numRuns: propertyRuns(100) },
  );
});
