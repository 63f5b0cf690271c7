import type { TurnSummary } from "../../../src/progress/turn-summary.ts";

/** Waits for the turns of sent messages. */
export interface TurnWaits {
  /** Resolves when the message's turn has ended; null: it started no turn. */
  of(message: string): Promise<TurnSummary | null>;
  /** Resolves when the next turn of a thread ends. */
  next(thread: string): Promise<TurnSummary | null>;
  done(thread: string, message: string | null, summary: TurnSummary | null): void;
}

type Resolve = (summary: TurnSummary | null) => void;

export function createTurnWaits(): TurnWaits {
  const waiting = new Map<string, Resolve>();
  // Turns that ended before `of` was called.
  const early = new Map<string, TurnSummary | null>();
  const next = new Map<string, Resolve[]>();
  return {
    of(message) {
      const summary = early.get(message);
      if (summary !== undefined) return Promise.resolve(summary);
      return new Promise((resolve) => waiting.set(message, resolve));
    },
    next: (thread) =>
      new Promise((resolve) => next.set(thread, [...(next.get(thread) ?? []), resolve])),
    done(thread, message, summary) {
      for (const resolve of next.get(thread) ?? []) resolve(summary);
      next.delete(thread);
      if (message === null) return;
      const resolve = waiting.get(message);
      waiting.delete(message);
      if (resolve) resolve(summary);
      else early.set(message, summary);
    },
  };
}
