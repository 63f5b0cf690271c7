import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idealTurns } from "../../../bench/load/ideal.ts";
import type { Scenario } from "../../../bench/load/scenario.ts";
import { share } from "../../../bench/store/measure-turns.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { schedule, type Provider } from "./schedule.ts";

const PLAIN: Provider = { room: null, hasHeaders: true, retryAfter: "exact", latencyMs: 100 };
const LONG = { threads: 30, agents: 3, overMs: 0, callMs: 10_000, rate: null, factor: 1 };
const MANY = { threads: 200, agents: 3, overMs: 30_000, callMs: 3_000, rate: null, factor: 1 };

/** Waiting as long as asked costs up to a second where providers round it up; refused calls cost round trips. */
const ROUNDING_MS = { exact: 0, seconds: 1_000, none: 2_000 } as const;

/** The slowest turns against those of the ideal schedule, whose calls are all taken on when they are sent. Returns the number of calls. */
async function expectGood(scenario: Scenario, provider: Provider, stretch = 1.15): Promise<number> {
  const { took, failed, calls } = await schedule(scenario, provider);
  const ideal = idealTurns({ ...scenario, callMs: scenario.callMs + provider.latencyMs });
  expect(failed).toBe(0);
  const longest =
    stretch * share(ideal, 0.99) + ROUNDING_MS[provider.retryAfter] + 4 * provider.latencyMs;
  expect(share(took, 0.99)).toBeLessThanOrEqual(longest);
  return calls;
}

describe("turns that share an account", () => {
  it.each<[string, Scenario]>([
    ["60 calls, then 4 a second", { ...LONG, rate: { capacity: 60, perSecond: 4 } }],
    ["10 calls, then 4 a second", { ...LONG, rate: { capacity: 10, perSecond: 4 } }],
    ["a call every 2 s", { ...LONG, threads: 10, rate: { capacity: 30, perSecond: 0.5 } }],
    ["100 calls, then 30 a second", { ...MANY, rate: { capacity: 100, perSecond: 30 } }],
    ["no limit", MANY],
  ])(
    "turns that share an account end as soon as the rate of their provider lets them: %s",
    async (_, scenario) => {
      for (const retryAfter of ["exact", "seconds", "none"] as const) {
        for (const hasHeaders of [true, false]) {
          await expectGood(scenario, { ...PLAIN, retryAfter, hasHeaders });
        }
      }
    },
  );

  it.each([1, 5, 20, 40])(
    "turns that share an account lose none where %i calls at once have room",
    async (room) => {
      const scenario = { ...LONG, threads: 10 };
      const calls = 2 * scenario.agents * scenario.threads;
      for (const retryAfter of ["seconds", "none"] as const) {
        const { took, failed } = await schedule(scenario, { ...PLAIN, room, retryAfter });
        expect(failed).toBe(0);
        const rounds = Math.ceil(calls / room);
        expect(Math.max(...took)).toBeLessThanOrEqual(1.15 * (rounds + 1) * LONG.callMs);
      }
    },
  );

  it("turns that share an account ask a provider that says what is left hardly more often than it takes", async () => {
    const scenario = { ...LONG, rate: { capacity: 60, perSecond: 4 } };
    expect(await expectGood(scenario, PLAIN)).toBeLessThan(1.1 * 180);
  });

  it("turns that share an account are stretched by at most a third, whatever the rate, the length of calls and the size of the team, and by half where replies do not say what is left", async () => {
    const scenarios = fc.record({
      threads: fc.integer({ min: 2, max: 30 }),
      agents: fc.integer({ min: 1, max: 8 }),
      overMs: fc.constantFrom(0, 10_000),
      callMs: fc.integer({ min: 500, max: 40_000 }),
      rate: fc.record({
        capacity: fc.integer({ min: 10, max: 100 }),
        perSecond: fc.constantFrom(0.5, 1, 2, 4, 5),
      }),
      factor: fc.constant(1),
    });
    const providers = fc.record({
      room: fc.constant(null),
      hasHeaders: fc.boolean(),
      retryAfter: fc.constantFrom("exact", "seconds"),
      latencyMs: fc.integer({ min: 5, max: 150 }),
    });
    await fc.assert(
      fc.asyncProperty(scenarios, providers, async (scenario, provider) => {
        // In a steady state, a rate and a number of calls at once look the same.
        await expectGood(scenario, provider, provider.hasHeaders ? 1.33 : 1.5);
      }),
      { numRuns: propertyRuns(15, 0.02) },
    );
  });
});
