import type { Clock } from "../../clock.ts";
import { untilAborted, withTimeout } from "../../timers.ts";

/** How long an ended turn delays the next one for its last status edit, ms; if many edits are pending, that edit comes later. */
const RECORD_MS = 4_000;

/** False if the edit is still pending after RECORD_MS, or when the process leaves. */
export async function inTime(
  done: Promise<void>,
  clock: Clock,
  leaving?: AbortSignal,
): Promise<boolean> {
  const recorded = done.then(() => true);
  const isDone = leaving ? untilAborted(recorded, leaving) : recorded;
  try {
    return await withTimeout(clock, RECORD_MS, isDone, () => false);
  } catch (error) {
    if (leaving?.aborted) return false;
    throw error;
  }
}
