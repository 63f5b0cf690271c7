import type { AgentId, TurnId } from "../ids.ts";
import type { Policy } from "./policy.ts";
import type {
  Ballot,
  ClosedBy,
  DecidedBy,
  Estimate,
  FailureClass,
  LimitName,
  MoveKind,
  RevisionId,
  SteeringMessage,
  Usage,
} from "./turn-event.ts";

/** A move that has started and not ended. */
export interface RunningMove {
  readonly id: string;
  readonly kind: MoveKind;
  readonly startedAt: number;
  readonly revisions: readonly RevisionId[];
  readonly mayRevise: boolean;
  readonly steering: number;
  readonly estimate: Estimate;
  /** What it is known to have used so far; null: nothing is known. */
  readonly metered: Usage | null;
  /** The retry it is in, if it is in one. */
  readonly retry: {
    readonly attempt: number;
    readonly failure: FailureClass;
    readonly message: string;
    readonly delayMs: number;
  } | null;
}

export interface AgentState {
  readonly id: AgentId;
  readonly name: string;
  /** "A", "B", …: dealt by the turn's id, so that it says nothing about the team's order. */
  readonly label: string;
  readonly move: RunningMove | null;
  /** It has given an answer, or repeated one. */
  readonly hasAnswered: boolean;
  /** Moves asked for, by kind, interrupted ones not counted. */
  readonly asked: Readonly<Record<MoveKind, number>>;
  /** Revisions of its own since the turn began or was last steered. */
  readonly revised: number;
  /** Revisions put to it in a review that ended, since the last steering. */
  readonly reviewed: readonly RevisionId[];
  /** How much of the inbox its finished moves saw. */
  readonly seenSteering: number;
  /** Set when it left the turn. */
  readonly failed: { readonly failure: FailureClass; readonly message: string } | null;
  /** Since when its status is what it is. */
  readonly since: number;
  readonly usage: Usage;
}

export interface Revision {
  readonly id: RevisionId;
  readonly agent: AgentId;
  readonly number: number;
  readonly text: string;
  readonly at: number;
}

/** A ballot with its reviewer, in the order cast. `void`: cast before the turn was steered. */
export interface CastBallot extends Ballot {
  readonly reviewer: AgentId;
  readonly at: number;
  /** Mean of its scores. */
  readonly mean: number;
  readonly void: boolean;
}

/** One person's choice, over the revisions that stood when it was made. */
export interface Preference {
  readonly revision: RevisionId;
  readonly standing: readonly RevisionId[];
}

export interface Closing {
  readonly closedBy: ClosedBy;
  readonly limit: LimitName | null;
  readonly revision: RevisionId | null;
  readonly decidedBy: DecidedBy | null;
  readonly unseen: readonly string[];
  readonly at: number;
}

/** What a turn's events add up to. Immutable; built by `advance` alone. */
export interface TurnState {
  readonly turn: TurnId;
  readonly team: string;
  readonly policy: Policy;
  /** A sentence for each seat of the team that stays empty. */
  readonly absent: readonly string[];
  /** The mode in force; `auto` until it is routed. */
  readonly mode: Policy["mode"];
  readonly routing: { readonly mode: "team" | "solo"; readonly reason: string } | null;
  /** Running time, ms, of the last event. */
  readonly now: number;
  readonly agents: readonly AgentState[];
  /** All, in the order offered. */
  readonly revisions: readonly Revision[];
  /** Each agent's latest revision, in the order of the team: what a reviewer is shown. */
  readonly latest: readonly Revision[];
  readonly ballots: readonly CastBallot[];
  readonly inbox: readonly SteeringMessage[];
  /** When the last message steered the turn. */
  readonly steeredAt: number | null;
  readonly preferences: Readonly<Record<string, Preference>>;
  /** How many choices people have made, each of them journaled. */
  readonly choices: number;
  /** Used by ended moves and the router: the sum of `routerUsage` and every agent's `usage`. */
  readonly spent: Usage;
  /** Null: no router was asked. */
  readonly routerUsage: Usage | null;
  /** US dollars of the parts whose price is known: what `max_cost_usd` is held against. */
  readonly knownCostUsd: number;
  /** Tokens of moves that were aborted: part of `spent`. */
  readonly wasted: number;
  readonly started: number;
  /** Moves that cost a retry, for the status and the trace. */
  readonly retries: number;
  readonly budget: "max_tokens" | "max_cost_usd" | null;
  /** Since when all but one reviewer have nothing left to do. */
  readonly aloneSince: number | null;
  readonly stopped: { readonly by: string; readonly reason: "stop" | "restart" } | null;
  readonly closing: Closing | null;
  /** The text to post, once presented. */
  readonly presented: string | null;
  readonly outcome: "answered" | "stopped" | "failed" | null;
}
