import type { TurnId } from "../../ids.ts";
import type { Queries } from "../../store/database.ts";
import type { Turn, TurnStop } from "../../store/tables/turn.ts";

/**
 * Runs one turn. Resolves when the turn is complete, whatever its outcome, including a stop. Rejects when it is not (the store failed, the
 * process shuts down); the engine then runs it again from its journal. `signal` aborts with a `TurnInterrupted`.
 */
export type RunTurn = (turn: Turn, signal: AbortSignal) => Promise<void>;

/** Why a running turn must end now: somebody stopped it, or (null) this process shuts down and another one resumes the turn. */
export class TurnInterrupted extends Error {
  override readonly name = "TurnInterrupted";
  readonly stop: TurnStop | null;

  constructor(stop: TurnStop | null) {
    super(
      stop ? `The turn was asked to ${stop.reason} by ${stop.by}.` : "Parley is shutting down.",
    );
    this.stop = stop;
  }
}

/** The turn goes back to the queue, because an earlier message of its conversation arrived late. */
export class TurnSteppedBack extends Error {
  override readonly name = "TurnSteppedBack";
}

/** Runs the turns in the store: one at a time per conversation, in order, each at least once, interrupted ones first. */
export interface TurnEngine {
  /** Starts queued turns, and resumes turns whose process died. */
  start(run: RunTurn): Promise<void>;
  /** Enqueues a new turn in the transaction that added it; it runs only if that commits. */
  enqueue(turn: Turn, t: Queries): Promise<void>;
  /** Works from any process: withdraws a queued turn, or ends it at once if people see it wait; aborts a running one, and leaves an ended one alone. */
  stop(turn: TurnId, stop: TurnStop): Promise<"withdrawn" | "stopping" | "ended">;
  /** Whether turns wait because this process runs as many as it may. */
  isFull(): boolean;
  /** Runs a queued turn although no process has room: it only ends. Works from any process. */
  hurry(turn: Pick<Turn, "conversation">): Promise<void>;
  /** Starts no more turns, gives running ones `graceMs` to end, then interrupts them. Resolves when none is running, or when the rest do not react. */
  drain(graceMs: number): Promise<void>;
  stats(): Promise<{ readonly queued: number; readonly running: number }>;
}
