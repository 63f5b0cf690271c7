import type { EstimateMove, MoveHooks, MoveRequest, MoveResult } from "../move.ts";
import type { EventOf, RevisionId, SteeringMessage, TurnEvent } from "../turn-event.ts";
import type { AgentState, TurnState } from "../turn-state.ts";

/** Time as the runner needs it. */
export interface RunnerClock {
  now(): number;
  setTimer(ms: number, fn: () => void): () => void;
}

/** A person's choice among the standing revisions. */
export interface Choice {
  readonly person: string;
  readonly revision: RevisionId;
}

/** All that people told an open turn, in its order. */
export interface Told {
  readonly messages: readonly SteeringMessage[];
  readonly choices: readonly Choice[];
}

/** How much of that the journal holds, with the events that are on their way into it. */
export interface Heard {
  readonly messages: number;
  readonly choices: number;
}

/** Where events become durable before anything follows from them, all that are given together or none. Both reject when the turn is fenced or the store is down. */
export interface TurnJournal {
  append(events: readonly TurnEvent[]): Promise<void>;
  /**
   * In one transaction: appends events that close the turn, if people told it no more than was heard, and resolves to null; else writes
   * nothing and resolves to all they told.
   */
  close(events: readonly TurnEvent[], heard: Heard): Promise<Told | null>;
}

export interface TurnPorts {
  readonly clock: RunnerClock;
  readonly journal: TurnJournal;
  /** Never rejects; what it resolves to after its signal aborted is ignored. */
  readonly startMove: (
    move: MoveRequest,
    hooks: MoveHooks,
    state: TurnState,
  ) => Promise<MoveResult>;
  readonly estimate: EstimateMove;
  /** Asks the router; never rejects, and resolves within its own limit. `onUsage` as for a move. */
  readonly route: (
    signal: AbortSignal,
    onUsage: MoveHooks["onUsage"],
  ) => Promise<Pick<EventOf<"turn_routed">, "mode" | "reason" | "usage">>;
  /** After an event is durable. Must not throw. */
  readonly onEvent: (event: TurnEvent, state: TurnState) => void;
  /** Text as it streams, never durable. Must not throw. */
  readonly onDelta: (agent: AgentState["id"], delta: { text: string; reset: boolean }) => void;
}
