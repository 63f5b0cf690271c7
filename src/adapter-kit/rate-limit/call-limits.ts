import type { Clock } from "../../clock.ts";
import type { UsageLeases } from "./usage-leases.ts";

/** How many calls a platform takes. */
export interface CallLimit {
  /** Calls that may be made now; may be a fraction. */
  room(now: number, urgent: boolean): number;
  /** How long until there is room for `more` calls, ms. */
  untilRoomFor(more: number, now: number): number;
  take(now: number): void;
  giveBack(): void;
}

const MINUTE_MS = 60_000;

/** A limit that processes share. */
export interface SharedLimit {
  readonly processes: number;
  readonly leases: UsageLeases;
  /** The name of the limit in `leases`. */
  readonly resource: string;
}

export interface TokenBucketOptions {
  readonly perMinute: number;
  readonly burst: number;
  /** Processes that use it at the moment have equal parts. Absent: only this process uses it. */
  readonly shared?: SharedLimit;
}

/** A token bucket: refills evenly, and holds at most `burst` calls. */
export function createTokenBucket({ perMinute, burst, shared }: TokenBucketOptions): CallLimit {
  const perMs = () => perMinute / sharersOf(shared) / MINUTE_MS;
  const state = { calls: burst, at: -Infinity };
  const fill = (now: number): number => {
    const most = Math.max(1, burst / sharersOf(shared));
    state.calls = Math.min(most, state.calls + (now - state.at) * perMs());
    state.at = now;
    return state.calls;
  };
  return {
    room(now) {
      shared?.leases.report(shared.resource, () => ({ calls: Math.max(0, burst - state.calls) }));
      return fill(now);
    },
    untilRoomFor: (more) => more / perMs(),
    take: () => void (state.calls -= 1),
    giveBack: () => void (state.calls += 1),
  };
}

const sharersOf = (shared: SharedLimit | undefined): number => {
  if (!shared) return 1;
  const others = shared.leases.others(shared.resource);
  return others ? 1 + others.length : shared.processes;
};

export interface CallWindowOptions extends SharedLimit {
  readonly perMinute: number;
  readonly kept: number;
  readonly clock: Pick<Clock, "now">;
}

/**
 * A sliding window: at most `perMinute` calls in any minute, `kept` of them for urgent ones. Processes share it by need; where they cannot
 * see each other's use, each keeps to its equal part.
 */
export function createCallWindow(options: CallWindowOptions): CallLimit {
  const { leases, resource, processes } = options;
  /** When the calls of the last minute were made, oldest first. */
  const made: number[] = [];
  const expire = (now: number): void => {
    while (made[0] !== undefined && made[0] <= now - MINUTE_MS) made.shift();
  };
  const calls = () => {
    expire(options.clock.now());
    return { calls: made.length };
  };
  return {
    room(now, urgent) {
      expire(now);
      leases.report(resource, calls);
      const others = leases.others(resource);
      const part = (calls: number) => (others ? calls : Math.max(1, Math.floor(calls / processes)));
      const used = (others ?? []).reduce((sum, { calls = 0 }) => sum + calls, made.length);
      return part(options.perMinute) - used - (urgent ? 0 : part(options.kept));
    },
    untilRoomFor: (more, now) => (made[Math.ceil(more) - 1] ?? now) + MINUTE_MS - now,
    take: (now) => void made.push(now),
    giveBack: () => void made.pop(),
  };
}
