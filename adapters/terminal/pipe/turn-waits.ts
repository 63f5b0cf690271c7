import type { TurnSummary } from "../../../src/progress/turn-summary.ts";

/** Waits for the turns of sent messages. */
export interface TurnWaits {
  /** Resolves when the message's turn has ended; null: it started no turn. */
  of(message: string): Promise<TurnSummary | null>;
  /** Resolves when the next turn ends. */
  next(): Promise<TurnSummary | null>;
  done(message: string | null, summary: TurnSummary | null): void;
}

type Resolve = (summary: TurnSummary | null) => void;

export function createTurnWaits(): TurnWaits {
  const waiting = new Map<string, Resolve>();
  // Turns that ended before `of` was called.
  const early = new Map<string, TurnSummary | null>();
  let next: Resolve[] = [];
  return {
    of(message) {
      const summary = early.get(message);
      if (summary !== undefined) return Promise.resolve(summary);
      return new Promise((resolve) => waiting.set(message, resolve));
    },
    next: () => new Promise((resolve) => next.push(resolve)),
    done(message, summary) {
      for (const resolve of next) resolve(summary);
      next = [];
      if (message === null) return;
      const resolve = waiting.get(message);
      waiting.delete(message);
      if (resolve) resolve(summary);
      else early.set(message, summary);
    },
  };
}
