import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { sleep } from "../../timers.ts";

interface SettlePorts {
  readonly store: Pick<Store, "fragments">;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly signal: AbortSignal;
}

/**
 * Waits until a turn takes no further messages as parts of its request. A turn whose process died waits out the rest. Rejects with the signal's
 * reason, and with a `FencedError`.
 */
export async function letSettle(
  turn: Turn,
  { store, clock, wallClock, signal }: SettlePorts,
): Promise<void> {
  for (
    let until = turn.settlesAt;
    until !== null;
    until = await store.fragments.close(turn, until)
  ) {
    // Where another process accepted the turn, its wall clock may be ahead: nobody waits longer than it meant.
    const left = until - Math.max(wallClock(), turn.createdAt);
    if (left > 0) await sleep(clock, left, signal);
    signal.throwIfAborted();
  }
}
