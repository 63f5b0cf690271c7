import type { Clock } from "../clock.ts";

/** How long a turn that is over holds its place for its record, ms; where many edits wait, the record comes later. */
const RECORD_MS = 4_000;

/** A platform may keep an edit waiting for longer than the next turn, or a process that leaves, can: then false. */
export async function inTime(
  done: Promise<void>,
  clock: Clock,
  leaving?: AbortSignal,
): Promise<boolean> {
  const over = Promise.withResolvers<false>();
  const end = () => over.resolve(false);
  const cancel = clock.setTimer(RECORD_MS, end);
  leaving?.addEventListener("abort", end, { once: true });
  if (leaving?.aborted) end();
  const isDone = await Promise.race([done.then(() => true), over.promise]);
  cancel();
  leaving?.removeEventListener("abort", end);
  return isDone;
}
