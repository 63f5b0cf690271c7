import type { Clock } from "../../clock.ts";
import { untilAborted, withTimeout } from "../../timers.ts";

/** How long an ended turn delays the next one for its last status edit, ms; if many edits are pending, that edit comes later. */
const RECORD_MS = 4_000;
/** How long a process that leaves waits for it, ms: otherwise the status would say that agents are at work until the next start. */
const LEAVING_MS = 1_500;

/** False if the edit is still pending after RECORD_MS, or LEAVING_MS after the process began to leave. */
export async function inTime(
  done: Promise<void>,
  clock: Clock,
  leaving?: AbortSignal,
): Promise<boolean> {
  const shown = done.then(() => true);
  const isLate = () => false;
  const isShown = leaving
    ? untilAborted(shown, leaving).catch(async (error: unknown) => {
        if (!leaving.aborted) throw error;
        return withTimeout(clock, LEAVING_MS, shown, isLate);
      })
    : shown;
  return withTimeout(clock, RECORD_MS, isShown, isLate);
}
