import type { z } from "zod";
import type { KeyValues } from "../../../src/adapter-storage.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";

export interface LookupOptions<T> {
  readonly clock: Clock;
  /** How long an answer holds, ms. */
  readonly ttlMs: number;
  /** How long a failure holds, ms, so that an outage does not cost a call for each message. */
  readonly failureMs: number;
  /** Most entries kept; the oldest go first. */
  readonly max: number;
  /** Rejects when Slack does not answer. `isOld`: an earlier process found it, so it is checked again soon. */
  readonly find: (key: string) => Promise<{ readonly answer: T; readonly isOld: boolean }>;
}

/** How long an old answer holds before it is checked again, ms. */
const OLD_MS = 10 * 60_000;

/** Caches answers for a while; concurrent questions share one call. undefined: Slack does not answer now. */
export function createLookupCache<T>(options: LookupOptions<T>) {
  const { clock, ttlMs, failureMs, max, find } = options;
  const kept = createBoundedMap<string, { readonly answer: Promise<T | undefined>; until: number }>(
    max,
  );
  const ask = (key: string): Promise<T | undefined> => {
    const entry = { answer: settle(), until: Infinity };
    async function settle(): Promise<T | undefined> {
      try {
        const { answer, isOld } = await find(key);
        entry.until = clock.now() + (isOld ? Math.min(ttlMs, OLD_MS) : ttlMs);
        return answer;
      } catch {
        entry.until = clock.now() + failureMs;
        return undefined;
      }
    }
    kept.set(key, entry);
    return entry.answer;
  };
  return (key: string): Promise<T | undefined> => {
    const known = kept.get(key);
    return known && known.until > clock.now() ? known.answer : ask(key);
  };
}

export interface Recall {
  readonly kept: KeyValues | undefined;
  /** How long an answer holds, ms. */
  readonly ttlMs: number;
  readonly onProblem: (problem: unknown) => void;
}

/** Asks only for what no earlier process stored. A failure of the store is reported, and the answer is fetched again. */
export const recalling =
  <T>(answer: z.ZodType<T>, find: (key: string) => Promise<T>, recall: Recall) =>
  async (key: string): Promise<{ readonly answer: T; readonly isOld: boolean }> => {
    const { kept, ttlMs, onProblem } = recall;
    const known = answer.safeParse(await kept?.get(key).catch(onProblem));
    if (known.success) return { answer: known.data, isOld: true };
    const found = await find(key);
    // Nobody waits for the disk.
    void kept?.set(key, found, ttlMs).catch(onProblem);
    return { answer: found, isOld: false };
  };
