import type { ConversationId } from "../../ids.ts";
import type { Clock } from "../../clock.ts";
import type { CheckResult } from "../check-result.ts";
import type { EstimateMove, MoveHooks, MoveRequest, MoveResult } from "../move.ts";
import type { Draft, EventOf, RevisionId, SteeringMessage, TurnEvent } from "../turn-event.ts";
import type { AgentState, Revision, TurnState } from "../turn-state.ts";

/** A person's choice among the standing revisions. */
export interface Choice {
  readonly person: string;
  readonly revision: RevisionId;
}

/** Messages and choices that people added to an open turn, in order. */
export interface PeopleInput {
  readonly messages: readonly SteeringMessage[];
  readonly choices: readonly Choice[];
}

/** How many of them the journal already holds, including the batch being written. */
export interface PeopleInputCounts {
  readonly messages: number;
  readonly choices: number;
}

/** Makes events durable before anything acts on them; a batch is written whole or not at all. Both methods reject when the turn is fenced or the store is down. */
export interface TurnJournal {
  append(events: readonly TurnEvent[]): Promise<void>;
  /**
   * In one transaction: appends the events that close the turn and resolves to null, unless people have added more than `known`; then it
   * writes nothing and resolves to everything they added.
   */
  close(events: readonly TurnEvent[], known: PeopleInputCounts): Promise<PeopleInput | null>;
}

/** Text of a running move as it streams; `reset`: it starts over. */
export interface TextDelta {
  readonly text: string;
  readonly reset: boolean;
}

/** Called with the text of running moves as it streams, in the process that runs them. Must not throw. */
export type TextListener = (
  conversation: ConversationId,
  agent: AgentState["id"],
  delta: TextDelta,
) => void;

export type RouteHooks = Pick<MoveHooks, "onUsage" | "onQueued" | "onSent">;

export interface TurnPorts {
  readonly clock: Clock;
  /** Events that are journaled before the first move. */
  readonly opening?: readonly Draft[];
  readonly journal: TurnJournal;
  /** Awaited before each piece of work, so that many turns at once leave the event loop free. Never rejects. */
  readonly gate: () => Promise<void>;
  /** Never rejects; what it resolves to after its signal aborted is ignored. */
  readonly startMove: (
    move: MoveRequest,
    hooks: MoveHooks,
    state: TurnState,
  ) => Promise<MoveResult>;
  /**
   * Checks an answer without a model. Reviews wait for it, so it ends within its own time limit. Never rejects; what it resolves to after its signal
   * aborted is ignored. Absent: nothing is checked.
   */
  readonly check?: (answer: Revision, signal: AbortSignal) => Promise<readonly CheckResult[]>;
  readonly estimate: EstimateMove;
  /** Asks the router; never rejects, and resolves within its own limits. Hooks as for a move. */
  readonly route: (
    signal: AbortSignal,
    hooks: RouteHooks,
  ) => Promise<Pick<EventOf<"turn_routed">, "mode" | "reason" | "usage">>;
  /** After an event is durable. Must not throw. */
  readonly onEvent: (event: TurnEvent, state: TurnState) => void;
  /** Text as it streams, never durable. Must not throw. */
  readonly onDelta: (agent: AgentState["id"], delta: TextDelta) => void;
}
