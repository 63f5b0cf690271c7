import { ExponentialBackoff, noJitterGenerator, type IBackoff } from "cockatiel";
import type { BackendError } from "../backend.ts";

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 20_000;
/** Spreads calls that were all told to come back at the same moment. */
const RETRY_AFTER_SPREAD_MS = 500;

/** The pauses before the retries of one call: full jitter over 1, 2, 4, … s, so that agents that failed together do not return together. */
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
