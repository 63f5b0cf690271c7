import type { Clock } from "../../clock.ts";
import { PlatformError } from "../../platform.ts";
import { sleep } from "../../timers.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** How long to wait after the n-th failure (from 1), ms; undefined: give up. */
  readonly delayAfter: (error: unknown, failures: number) => number | undefined;
  readonly signal?: AbortSignal;
}

/** Runs the task until it succeeds. Rejects with its last error, or with the signal's reason. */
export async function retry<T>(
  task: () => Promise<T>,
  { clock, delayAfter, signal }: RetryOptions,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await task();
    } catch (error) {
      const ms = delayAfter(error, failures);
      if (ms === undefined) throw error;
      await sleep(clock, ms, signal);
    }
  }
}

/** Whether a platform failed in a way that may not last: rate limits, outages, lost connections. */
export const isTransientPlatformError = (error: unknown): error is PlatformError =>
  error instanceof PlatformError &&
  (error.outcome === "rate_limited" || error.outcome === "unknown");

/** The same, and anything that is not the platform's refusal, such as a store that is away. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof PlatformError) || isTransientPlatformError(error);
