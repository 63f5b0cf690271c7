import { NO_USAGE } from "../spending.ts";
import type { Usage } from "../turn-event.ts";

/** A request to a model that has not ended. */
export interface ModelCall {
  readonly controller: AbortController;
  /** What it has used so far; null: nothing has been asked of the model. */
  used: (() => Usage) | null;
  /** Running ms of the last note in the journal. */
  notedAt: number;
}

/** How often a streaming move has its usage journaled, ms: what is streamed after the last note is not booked if the process is killed. */
const NOTE_MS = 3_000;

export const startModelCall = (now: number): ModelCall => ({
  controller: new AbortController(),
  used: null,
  notedAt: now,
});

export const usedSoFar = (call: ModelCall | undefined): Usage => call?.used?.() ?? NO_USAGE;

/** Takes in how to read what was used; true, at most once in `NOTE_MS`: that is to be noted now. */
export function isNoteDue(call: ModelCall, read: () => Usage, now: number): boolean {
  call.used = read;
  const isDue = now - call.notedAt >= NOTE_MS;
  if (isDue) call.notedAt = now;
  return isDue;
}
