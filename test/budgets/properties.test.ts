import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { neverOverspent } from "../contracts/budget-turns.ts";
import { propertyRuns } from "../support/property-runs.ts";

test("limits are exceeded only by usage above the estimates, and every reservation is released", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => 1_000_000 });
  onTestFinished(() => store.close());
  expect(
    await neverOverspent(store, { numRuns: propertyRuns(40, 0.1), maxLength: 25 }),
  ).toBeUndefined();
});
