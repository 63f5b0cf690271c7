import { isTransient, retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";

/** Delays between tries, ms: half a minute in all, as long as a store or Discord may take to come back. */
const DELAYS_MS = [250, 1_000, 4_000, 8_000, 16_000] as const;

/** The gateway delivers each event once and takes no refusal, so an event that cannot be stored is retried here. Rejects with the last error. */
export const tryAgain = <T>(clock: Clock, task: () => Promise<T>): Promise<T> =>
  retry(task, {
    clock,
    delayAfter: (error, failures) => (isTransient(error) ? DELAYS_MS[failures - 1] : undefined),
  });
