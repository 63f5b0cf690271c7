import type { Clock } from "../clock.ts";
import { PlatformError } from "../platform.ts";
import { sleep } from "../timers.ts";

export interface PatientCallsOptions {
  readonly clock: Clock;
  /** Shared by all that run side by side: how many calls are under way at once. */
  readonly takeSlot: () => Promise<() => void>;
  /** The longest single wait for a rate limit, ms. */
  readonly longestWaitMs: number;
  /** When the last wait must be over, ms after now. */
  readonly deadlineMs: number;
  /** Ends it early; absent: nothing does. */
  readonly signal?: AbortSignal;
}

/** The least wait where a platform does not say how long, ms. */
const LEAST_WAIT_MS = 1_000;

/**
 * Repeats calls that a platform limits, when it takes them again. Whoever waits holds no slot, so that a limit of one place delays no other.
 * Rejects with the platform's refusal where the wait would be too long, and with the signal's reason.
 */
export function createPatientCalls({ clock, signal, ...options }: PatientCallsOptions) {
  const until = clock.now() + options.deadlineMs;
  const once = async <T>(call: () => Promise<T>): Promise<T> => {
    const leaveSlot = await options.takeSlot();
    try {
      signal?.throwIfAborted();
      return await call();
    } finally {
      leaveSlot();
    }
  };
  return async <T>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await once(call);
      } catch (error) {
        const isLimited = error instanceof PlatformError && error.outcome === "rate_limited";
        const ms = Math.max(LEAST_WAIT_MS, (isLimited && error.retryAfterMs) || 0);
        const isTooLong = ms > options.longestWaitMs || clock.now() + ms > until;
        if (!isLimited || isTooLong) throw error;
        await sleep(clock, ms, signal);
      }
    }
  };
}
