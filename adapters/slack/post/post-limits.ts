import {
  createCallWindow,
  createTokenBucket,
} from "../../../src/adapter-kit/rate-limit/call-limits.ts";
import {
  createPolledLimiters,
  type PolledLimiter,
} from "../../../src/adapter-kit/rate-limit/polled-limiter.ts";
import type { UsageLeases } from "../../../src/adapter-kit/rate-limit/usage-leases.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { SlackPlace } from "../place.ts";
import { createEditCapacity, type EditCapacity } from "./edit-capacity.ts";

/** One a second in a channel, with short bursts. */
const POSTS = { perMinute: 60, burst: 8 };
/** Slack allows "several hundred" posts a minute in a workspace. An answer follows each status, so some room is kept for answers. */
const ALL_POSTS = { perMinute: 280, kept: 120 };

const MOST_WORKSPACES = 5_000;

/** Limits posts in one channel. */
export interface PostLimiter {
  /** Throws a `PlatformError` when there is no room now; urgent calls go first. */
  takeTurn(key: string, urgent: boolean): void;
  /** Makes a call. Where Slack refuses it for its rate, later calls wait. */
  call<T>(call: () => Promise<T>): Promise<T>;
}

export interface PostLimitsOptions {
  readonly clock: Pick<Clock, "now">;
  readonly processes: number;
  readonly leases: UsageLeases;
}

/**
 * The rate limits of posts and edits, for each workspace and channel, shared by all processes. Two processes seldom write in one channel at
 * a time: there Slack's refusals are enough.
 */
export type PostLimits = ReturnType<typeof createPostLimits>;

export function createPostLimits({ clock, processes, leases }: PostLimitsOptions) {
  const capacities = createBoundedMap<string, EditCapacity>(MOST_WORKSPACES);
  const posts = createPolledLimiters({ clock, createLimit: () => createTokenBucket(POSTS) });
  const allPosts = createPolledLimiters({
    clock,
    createLimit: (team) =>
      createCallWindow({ ...ALL_POSTS, clock, processes, leases, resource: `posts ${team}` }),
  });
  return {
    editCapacity: ({ team }: SlackPlace): EditCapacity =>
      capacities.ensure(team, () =>
        createEditCapacity({ clock, processes, leases, resource: `edits ${team}` }),
      ),
    postLimiter: ({ team, channel }: SlackPlace): PostLimiter =>
      limiterOf(posts(`${team}:${channel}`), allPosts(team)),
  };
}

/** `narrow`: of the channel; `wide`: of the workspace. */
const limiterOf = (narrow: PolledLimiter, ...wide: readonly PolledLimiter[]): PostLimiter => ({
  takeTurn: (key, urgent) => takeTurn([narrow, ...wide], key, urgent),
  async call(call) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof PlatformError && error.outcome === "rate_limited") {
        pauseAll((error.retryAfterMs ?? 0) + 500, narrow, wide);
      }
      throw error;
    }
  },
});

/** Slack refuses the other calls of that channel too; in other channels, calls that can wait do. */
function pauseAll(ms: number, narrow: PolledLimiter, wide: readonly PolledLimiter[]): void {
  narrow.pause(ms, "all");
  for (const limiter of wide) limiter.pause(ms, "patient");
}

/** The delivery waits, since by then it has a newer view to show. */
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
  const message = "Slack's rate limit is reached.";
  throw new PlatformError("rate_limited", message, { retryAfterMs });
}
