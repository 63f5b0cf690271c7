import { ExponentialBackoff, noJitterGenerator, type IBackoff } from "cockatiel";
import type { BackendError } from "../backend.ts";

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 20_000;
/** Jitter for calls that received the same Retry-After. */
const RETRY_AFTER_SPREAD_MS = 500;

/** The delays before a call's retries: exponential backoff (1, 2, 4, … s) with full jitter, so that agents do not retry at the same time. */
export function createPauses(random: () => number): { next(error: BackendError): number } {
  let backoff: IBackoff<unknown> = new ExponentialBackoff<number>({
    generator: noJitterGenerator,
    initialDelay: FIRST_DELAY_MS,
    maxDelay: LONGEST_DELAY_MS,
  }).next();
  return {
    next({ retryAfterMs }) {
      const { duration } = backoff;
      backoff = backoff.next(null);
      return retryAfterMs === undefined
        ? random() * duration
        : retryAfterMs + random() * RETRY_AFTER_SPREAD_MS;
    },
  };
}
