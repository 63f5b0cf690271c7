import { expect, it } from "vitest";
import { createPostLimits, type PostLimiter } from "../../../adapters/slack/post/post-limits.ts";
import { PlatformError } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { ALONE, leasesOf } from "../../support/usage-leases.ts";

const PLACE = { team: "T1", channel: "C1", thread: "1.1" };

function isGranted(limiter: PostLimiter, key: string): boolean {
  try {
    limiter.takeTurn(key, true);
    return true;
  } catch {
    return false;
  }
}

it("processes together post no more in a workspace than it takes, and one of them may have nearly all", async () => {
  const clock = createFakeClock();
  const [one, two] = leasesOf(2, clock).map((leases) =>
    createPostLimits({ clock, processes: 2, leases }),
  );
  if (!one || !two) throw new Error("There are two.");
  const post = (limits: typeof one, n: number) =>
    isGranted(limits.postLimiter({ ...PLACE, channel: `C${n}` }), `final ${n}`);
  post(one, 0);
  await clock.advance(1_500);
  const posted = Array.from({ length: 300 }, (_, n) => post(one, n)).filter(Boolean).length;
  expect(posted).toBeGreaterThanOrEqual(270);
  await clock.advance(1_500);
  post(two, 0);
  await clock.advance(1_500);
  const others = Array.from({ length: 300 }, (_, n) => post(two, n)).filter(Boolean).length;
  expect(posted + others).toBeLessThanOrEqual(290);
});

it("what Slack refuses one process, that one waits for; the others find out for themselves", async () => {
  const clock = createFakeClock();
  const create = () => createPostLimits({ clock, processes: 1, leases: ALONE });
  const [one, other] = [create(), create()];
  const refused = new PlatformError("rate_limited", "slow down", { retryAfterMs: 5_000 });
  await one
    .postLimiter(PLACE)
    .call(() => Promise.reject(refused))
    .catch(() => undefined);
  expect(isGranted(one.postLimiter(PLACE), "final")).toBe(false);
  expect(isGranted(other.postLimiter(PLACE), "final")).toBe(true);
  await clock.advance(6_000);
  expect(isGranted(one.postLimiter(PLACE), "final")).toBe(true);
});
