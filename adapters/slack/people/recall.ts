import type { z } from "zod";
import type { KeyValues } from "../../../src/adapter-storage.ts";

export interface Recall {
  readonly kept: KeyValues | undefined;
  /** How long an answer holds, ms. */
  readonly ttlMs: number;
  readonly onProblem: (problem: unknown) => void;
}

/** Finds out what no earlier process has. What cannot be read or written is told, and asked for anew. */
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
