/** How many calls may be made. */
export interface Purse {
  /** Calls that may be made now, perhaps a part of one. */
  room(now: number, urgent: boolean): number;
  /** How long until there is room for so many more, ms. */
  untilRoomFor(more: number, now: number): number;
  take(now: number): void;
  giveBack(): void;
}

/** One process's part of a pace, at least one call of everything. */
export const partOf = <P extends Readonly<Record<string, number>>>(
  pace: P,
  processes: number,
): P => ({
  ...pace,
  ...Object.fromEntries(
    Object.entries(pace).map(([name, calls]) => [name, Math.max(1, Math.floor(calls / processes))]),
  ),
});

const MINUTE_MS = 60_000;

/** So many a minute, evenly; after a quiet time a few at once. */
export function createBucket({
  perMinute,
  burst,
}: {
  readonly perMinute: number;
  readonly burst: number;
}): Purse {
  const perMs = perMinute / MINUTE_MS;
  const state = { calls: burst, at: -Infinity };
  return {
    room(now) {
      state.calls = Math.min(burst, state.calls + (now - state.at) * perMs);
      state.at = now;
      return state.calls;
    },
    untilRoomFor: (more) => more / perMs,
    take: () => void (state.calls -= 1),
    giveBack: () => void (state.calls += 1),
  };
}

/** So many in any minute, all at once if need be, of which some are kept for the urgent. */
export function createWindow({
  perMinute,
  kept,
}: {
  readonly perMinute: number;
  readonly kept: number;
}): Purse {
  /** When each call of the last minute was made, oldest first. */
  const made: number[] = [];
  return {
    room(now, urgent) {
      while (made[0] !== undefined && made[0] <= now - MINUTE_MS) made.shift();
      return perMinute - made.length - (urgent ? 0 : kept);
    },
    untilRoomFor: (more, now) => (made[Math.ceil(more) - 1] ?? now) + MINUTE_MS - now,
    take: (now) => void made.push(now),
    giveBack: () => void made.pop(),
  };
}
