import type { EstimateMove, MoveHooks, MoveRequest, MoveResult } from "./move.ts";
import type { EventOf, SteeringMessage, TurnEvent } from "./turn-event.ts";
import type { AgentState, TurnState } from "./turn-state.ts";

/** Time as the runner needs it. */
export interface RunnerClock {
  now(): number;
  setTimer(ms: number, fn: () => void): () => void;
}

/** Where events become durable before anything follows from them. Both reject when the turn is fenced or the store is down. */
export interface TurnJournal {
  append(event: TurnEvent): Promise<void>;
  /**
   * In one transaction: closes the turn if its inbox holds nothing that is not journaled yet and resolves to [], else writes nothing
   * and resolves to those messages.
   */
  close(event: EventOf<"turn_closed">): Promise<readonly SteeringMessage[]>;
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
