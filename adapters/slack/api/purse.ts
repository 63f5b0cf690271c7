import type { Clock } from "../../../src/clock.ts";
import type { UsageLeases } from "../../../src/adapter-kit/usage-leases.ts";

/** How many calls may be made. */
export interface Purse {
  /** Calls that may be made now, perhaps a part of one. */
  room(now: number, urgent: boolean): number;
  /** How long until there is room for so many more, ms. */
  untilRoomFor(more: number, now: number): number;
  take(now: number): void;
  giveBack(): void;
}

const MINUTE_MS = 60_000;

/** A limit that processes share. */
export interface Shared {
  readonly processes: number;
  readonly leases: UsageLeases;
  /** The name under which they share it. */
  readonly resource: string;
}

export interface BucketOptions {
  readonly perMinute: number;
  readonly burst: number;
  /** Those who use it at the time have equal parts. Absent: it is this process's alone. */
  readonly shared?: Shared;
}

/** So many a minute, evenly; after a quiet time a few at once. */
export function createBucket({ perMinute, burst, shared }: BucketOptions): Purse {
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

const sharersOf = (shared: Shared | undefined): number => {
  if (!shared) return 1;
  const others = shared.leases.others(shared.resource);
  return others ? 1 + others.length : shared.processes;
};

export interface WindowOptions extends Shared {
  readonly perMinute: number;
  readonly kept: number;
  readonly clock: Pick<Clock, "now">;
}

/**
 * So many in any minute, all at once if need be, of which some are kept for the urgent; shared with other processes by need. Where those
 * cannot be asked, each keeps to its part.
 */
export function createWindow(options: WindowOptions): Purse {
  const { leases, resource, processes } = options;
  /** When each call of the last minute was made, oldest first. */
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
