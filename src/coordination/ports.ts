import type { EstimateMove, MoveHooks, MoveRequest, MoveResult } from "./move.ts";
import type { EventOf, RevisionId, SteeringMessage, TurnEvent } from "./turn-event.ts";
import type { AgentState, TurnState } from "./turn-state.ts";

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

/** What people told an open turn and its journal does not hold yet. */
export interface Unheard {
  readonly messages: readonly SteeringMessage[];
  /** All that were made, those that are journaled included; none if those are all. */
  readonly choices: readonly Choice[];
}

/** Where events become durable before anything follows from them. Both reject when the turn is fenced or the store is down. */
export interface TurnJournal {
  append(event: TurnEvent): Promise<void>;
  /**
   * In one transaction: closes the turn if people told it nothing that is not journaled yet, and resolves to nothing unheard; else writes
   * nothing and resolves to that.
   */
  close(event: EventOf<"turn_closed">): Promise<Unheard>;
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
  /** Asks the router; never rejects, and resolves within its own limit. */
  readonly route: (
    signal: AbortSignal,
  ) => Promise<Pick<EventOf<"turn_routed">, "mode" | "reason" | "usage">>;
  /** After an event is durable. Must not throw. */
  readonly onEvent: (event: TurnEvent, state: TurnState) => void;
  /** Text as it streams, never durable. Must not throw. */
  readonly onDelta: (agent: AgentState["id"], delta: { text: string; reset: boolean }) => void;
}
