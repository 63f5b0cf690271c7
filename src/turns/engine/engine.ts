import type { TurnId } from "../../ids.ts";
import type { Queries } from "../../store/database.ts";
import type { Turn, TurnStop } from "../../store/tables/turn.ts";

/**
 * Runs one turn. Resolves: the turn is complete, whatever its outcome, a stop included. Rejects: it is not (the store failed, the process
 * leaves), and it is run again from its journal. `signal` is aborted with a `TurnInterrupted`.
 */
export type RunTurn = (turn: Turn, signal: AbortSignal) => Promise<void>;

/** Why a running turn is to end now: somebody stopped it, or (null) the process leaves and another one takes the turn over. */
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

/** A turn that waits again, since an earlier one of its conversation has turned up. */
export class TurnSteppedBack extends Error {
  override readonly name = "TurnSteppedBack";
}

/** Runs the store's turns: those of one conversation one after the other in their order, each at least once, resumed ones first. */
export interface TurnEngine {
  /** Takes up what is queued, and what was running when its process died. */
  start(run: RunTurn): Promise<void>;
  /** Hands a new turn over, in the transaction that added it: it runs only if that commits. */
  enqueue(turn: Turn, t: Queries): Promise<void>;
  /** From any process: a queued turn never runs, a running one has its signal aborted, one that has ended stays as it is. */
  stop(turn: TurnId, stop: TurnStop): Promise<"withdrawn" | "stopping" | "ended">;
  /** Starts nothing more, gives running turns `graceMs` to end, then interrupts them. Resolves when none is running, or none lets go. */
  drain(graceMs: number): Promise<void>;
  stats(): Promise<{ readonly queued: number; readonly running: number }>;
}
