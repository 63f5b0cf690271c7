import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import {
  type PolledLimiter,
  createPolledLimiters,
} from "../../../src/adapter-kit/rate-limit/polled-limiter.ts";
import {
  createTokenBucket,
  createCallWindow,
} from "../../../src/adapter-kit/rate-limit/call-limits.ts";
import type { SlackPlace } from "../place.ts";
import { createEditCapacity, type EditCapacity } from "./edit-capacity.ts";

/** One a second in a channel, with short bursts. */
const POSTS = { perMinute: 60, burst: 8 };
/** Slack says "several hundred a minute" of posts in a workspace. Each status is followed by an answer, which must find room. */
const ALL_POSTS = { perMinute: 280, kept: 120 };

const MOST_WORKSPACES = 5_000;

/** How fast Slack takes calls of one kind in one place. */
export interface Pace {
  /** Throws a `PlatformError` when there is no room now; urgent calls go first. */
  takeTurn(key: string, urgent: boolean): void;
  /** Makes a call, and heeds what Slack says of its pace. */
  keep<T>(call: () => Promise<T>): Promise<T>;
}

export interface PacesOptions {
  readonly clock: Pick<Clock, "now">;
  readonly processes: number;
  readonly leases: UsageLeases;
}

/**
 * The paces of edits and posts, shared by all that is said in a workspace and its channels, in all processes by need. Two of them seldom
 * write in one channel at a time, and what Slack refuses then waits.
 */
export function createPaces({ clock, processes, leases }: PacesOptions) {
  const capacities = createBoundedMap<string, EditCapacity>(MOST_WORKSPACES);
  const posts = createPolledLimiters({ clock, createLimit: () => createTokenBucket(POSTS) });
  const allPosts = createPolledLimiters({
    clock,
    createLimit: (team) =>
      createCallWindow({ ...ALL_POSTS, clock, processes, leases, resource: `posts ${team}` }),
  });
  return {
    editsOf: ({ team }: SlackPlace): EditCapacity =>
      capacities.ensure(team, () =>
        createEditCapacity({ clock, processes, leases, resource: `edits ${team}` }),
      ),
    ofPosts: ({ team, channel }: SlackPlace): Pace =>
      paceOf(posts(`${team}:${channel}`), allPosts(team)),
  };
}

/** `narrow`: of the place itself; `wide`: of all that it is a part of. */
const paceOf = (narrow: PolledLimiter, ...wide: readonly PolledLimiter[]): Pace => ({
  takeTurn: (key, urgent) => takeTurn([narrow, ...wide], key, urgent),
  async keep(call) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof PlatformError && error.outcome === "rate_limited") {
        heed((error.retryAfterMs ?? 0) + 500, narrow, wide);
      }
      throw error;
    }
  },
});

/** What Slack refuses to one, it refuses to all in that place; elsewhere too, those that can wait do. */
function heed(ms: number, narrow: PolledLimiter, wide: readonly PolledLimiter[]): void {
  narrow.pause(ms, "all");
  for (const limiter of wide) limiter.pause(ms, "patient");
}

/** Waiting is the delivery's: by then it has a newer view to show. */
function takeTurn(limiters: readonly PolledLimiter[], key: string, urgent: boolean): void {
  for (const [n, limiter] of limiters.entries()) {
    const retryAfterMs = limiter.ask(key, urgent);
    if (retryAfterMs === 0) continue;
    for (const granted of limiters.slice(0, n)) granted.giveBack();
    refuseFor(retryAfterMs);
  }
}

/** Throws a `PlatformError` unless it is 0 ms until there is room. */
export function refuseFor(retryAfterMs: number): void {
  if (retryAfterMs === 0) return;
  const message = "Slack's limits leave no room for it now.";
  throw new PlatformError("rate_limited", message, { retryAfterMs });
}
