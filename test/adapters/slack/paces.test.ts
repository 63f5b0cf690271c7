import { expect, it } from "vitest";
import { createPaces, type Pace } from "../../../adapters/slack/post/paces.ts";
import { PlatformError } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const PLACE = { team: "T1", channel: "C1", thread: "1.1" };

function isGranted(pace: Pace, key: string): boolean {
  try {
    pace.takeTurn(key, true);
    return true;
  } catch {
    return false;
  }
}

it.each([1, 2, 3, 7])(
  "%i processes together edit no faster than one may, and hardly slower",
  async (processes) => {
    const clock = createFakeClock();
    const paces = Array.from({ length: processes }, () => createPaces(clock, processes));
    let edits = 0;
    for (let second = 0; second < 120; second++) {
      for (const [n, pace] of paces.entries())
        edits += isGranted(pace.ofEdits(PLACE), `status of ${n}`) ? 1 : 0;
      await clock.advance(1_000);
    }
    expect(edits).toBeLessThanOrEqual(2 * 40 + 7);
    expect(edits).toBeGreaterThanOrEqual(2 * 35);
  },
);

it("what Slack refuses one process, that one waits for; the others find out for themselves", async () => {
  const clock = createFakeClock();
  const [one, other] = [createPaces(clock, 2), createPaces(clock, 2)];
  const refused = new PlatformError("rate_limited", "slow down", { retryAfterMs: 5_000 });
  await one
    .ofEdits(PLACE)
    .keep(() => Promise.reject(refused))
    .catch(() => undefined);
  expect(isGranted(one.ofEdits(PLACE), "status")).toBe(false);
  expect(isGranted(other.ofEdits(PLACE), "status")).toBe(true);
  await clock.advance(6_000);
  expect(isGranted(one.ofEdits(PLACE), "status")).toBe(true);
});
