import { NO_USAGE } from "../spending.ts";
import type { Usage } from "../usage.ts";

/** A running request to a model. */
export interface ModelCall {
  readonly controller: AbortController;
  /** Reads its usage so far; null: no request was sent yet. */
  used: (() => Usage) | null;
  /** When its usage was last journaled, running ms. */
  notedAt: number;
}

/** How often the usage of a streaming move is journaled, ms; usage after the last note is lost if the process is killed. */
const NOTE_MS = 3_000;

export const startModelCall = (now: number): ModelCall => ({
  controller: new AbortController(),
  used: null,
  notedAt: now,
});

export const usedSoFar = (call: ModelCall | undefined): Usage => call?.used?.() ?? NO_USAGE;

/** Remembers how to read the usage. True, at most once per `NOTE_MS`: journal it now. */
export function isNoteDue(call: ModelCall, read: () => Usage, now: number): boolean {
  call.used = read;
  const isDue = now - call.notedAt >= NOTE_MS;
  if (isDue) call.notedAt = now;
  return isDue;
}
