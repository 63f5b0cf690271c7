import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import { sleep } from "../../../src/timers.ts";

/** Waits between tries, ms: half a minute in all, as long as a store or Discord may take to come back. */
const WAITS_MS = [250, 1_000, 4_000, 8_000, 16_000] as const;

/** The gateway delivers once and takes no refusal: what cannot be taken on is tried again here. Rejects with the last reason. */
export async function tryAgain<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (const ms of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(clock, ms);
    }
  }
  return work();
}

/** What Discord refused, it refuses again. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof PlatformError) ||
  error.outcome === "unknown" ||
  error.outcome === "rate_limited";
