import type { AgentId, TurnId } from "../ids.ts";
import type { CacheChoice } from "./cache-life.ts";
import type { CheckResult } from "./check-result.ts";
import type { Failed } from "./failed.ts";
import type { Policy } from "./policy.ts";
import type { QueueCause } from "./queue-events.ts";
import type {
  Ballot,
  ClosedBy,
  DecidedBy,
  EventOf,
  FailureClass,
  LimitName,
  MoveKind,
  RevisionId,
  SteeringMessage,
} from "./turn-event.ts";
import type { Estimate, Usage } from "./usage.ts";

/** A move that has started and not ended. */
export interface RunningMove {
  readonly id: string;
  readonly kind: MoveKind;
  readonly startedAt: number;
  readonly revisions: readonly RevisionId[];
  readonly mayRevise: boolean;
  readonly steering: number;
  readonly estimate: Estimate;
  /** What it has used so far; null: unknown. */
  readonly metered: Usage | null;
  /** Its current retry, if any. */
  readonly retry: {
    readonly attempt: number;
    readonly failure: FailureClass;
    readonly message: string;
    readonly delayMs: number;
  } | null;
  /** What its call waits for; null: it does not wait. */
  readonly queue: MoveQueue | null;
  /** How long its calls have waited, the current wait not counted. */
  readonly queuedMs: number;
}

/** A wait for room. Times in ms of running time. */
export interface MoveQueue {
  readonly since: number;
  readonly cause: QueueCause;
  /** When the provider's pause ends; null: unknown. */
  readonly resumesAt: number | null;
  /** The move has cost nothing yet. */
  readonly isFresh: boolean;
}

export interface AgentState {
  readonly id: AgentId;
  readonly name: string;
  /** "A", "B", …: assigned by the turn's id, so that it does not reveal the team's order. */
  readonly label: string;
  readonly move: RunningMove | null;
  /** It has answered, or repeated an answer. */
  readonly hasAnswered: boolean;
  /** Started moves by kind, without interrupted ones. */
  readonly asked: Readonly<Record<MoveKind, number>>;
  /** Its revisions since the turn started or was last steered. */
  readonly revised: number;
  /** Revisions that it reviewed since the turn was last steered. */
  readonly reviewed: readonly RevisionId[];
  /** The reading in which it last reviewed; 0: none since the turn started or was last steered. */
  readonly reading: number;
  /** The answer that it repeated instead of giving one of its own. */
  readonly repeated: RevisionId | null;
  /** Number of inbox messages that its finished moves saw. */
  readonly seenSteering: number;
  /** Set when it left the turn. */
  readonly failed: Failed | null;
  /** Why its last review brought no scores; null: it did. */
  readonly abstained: string | null;
  /** When its status last changed. */
  readonly since: number;
  readonly usage: Usage;
}

export interface Revision {
  readonly id: RevisionId;
  readonly agent: AgentId;
  readonly number: number;
  readonly text: string;
  /** Its result in a few words; null: it named none. */
  readonly claim: string | null;
  /** The claim in the form in which equal results are equal; null: it equals no other. */
  readonly result: string | null;
  /** Its model's output limit cut it. */
  readonly cut: boolean;
  readonly at: number;
}

/** What a check found in a revision. */
export interface CheckedRevision extends CheckResult {
  readonly revision: RevisionId;
}

/** A ballot with its reviewer, in the order cast. `void`: cast before the turn was steered. */
export interface CastBallot extends Ballot {
  readonly reviewer: AgentId;
  readonly at: number;
  /** Mean of its scores. */
  readonly mean: number;
  /** What it says for or against each answer, in bounded log-odds. */
  readonly evidence: Readonly<Record<string, number>>;
  readonly void: boolean;
}

/** One person's choice among the revisions that were current then. */
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

/** The state that a turn's events fold into. Immutable; only `advance` creates it. */
export interface TurnState {
  readonly turn: TurnId;
  readonly team: string;
  /** The team's name for people. */
  readonly title: string;
  readonly policy: Policy;
  /** A sentence for each agent of the team that cannot take part. */
  readonly absent: readonly string[];
  /** The current mode; `auto` until the router has decided. */
  readonly mode: Policy["mode"];
  /** How long providers are asked to keep the prompts; null: they decide themselves. */
  readonly cache: CacheChoice | null;
  readonly routing: { readonly mode: "team" | "solo"; readonly reason: string } | null;
  /** Running time, ms, of the last event. */
  readonly now: number;
  /** The part of `now` in which nothing ran, because every call waited for room; the turn's clock stood still. */
  readonly queuedMs: number;
  /** It waits for a process that has room for another turn. */
  readonly isTurnQueued: boolean;
  /** The router's call waits for room. */
  readonly isRouterQueued: boolean;
  readonly agents: readonly AgentState[];
  /** Track records when the turn started: log-odds of being right against the team's mean, −1.5 to 3. Without an entry: 0. */
  readonly skills: Readonly<Record<string, number>>;
  /** All, in the order offered. */
  readonly revisions: readonly Revision[];
  /** Each agent's latest revision, in the order of the team: what a reviewer is shown. */
  readonly latest: readonly Revision[];
  readonly ballots: readonly CastBallot[];
  /** What checks found, in the order of their ends. */
  readonly checks: readonly CheckedRevision[];
  /** How often reviewers have been asked to read the answers, from 1. */
  readonly reading: number;
  readonly inbox: readonly SteeringMessage[];
  /** When the last message steered the turn. */
  readonly steeredAt: number | null;
  readonly preferences: Readonly<Record<string, Preference>>;
  /** Number of choices that people have made. */
  readonly choices: number;
  /** Used by ended moves and the router: the sum of `routerUsage` and every agent's `usage`. */
  readonly spent: Usage;
  /** Null: the router was not called. */
  readonly routerUsage: Usage | null;
  /** US dollars of all calls with a known price: compared with `max_cost_usd`. */
  readonly knownCostUsd: number;
  /** Tokens of aborted moves, which `spent` includes. */
  readonly wasted: number;
  readonly started: number;
  /** Moves that were retried, for the status and the trace. */
  readonly retries: number;
  readonly budget: "max_tokens" | "max_cost_usd" | null;
  /** Since when only one reviewer has work left. */
  readonly aloneSince: number | null;
  /** Who wants the best answer so far, now; null: nobody. */
  readonly finishedBy: string | null;
  readonly stopped: {
    readonly by: string;
    readonly reason: EventOf<"turn_stopped">["reason"];
  } | null;
  readonly closing: Closing | null;
  /** The text to post, once presented. */
  readonly presented: string | null;
  /** The output limit cut the rewritten answer. */
  readonly presentedCut: boolean;
  readonly outcome: "answered" | "stopped" | "failed" | null;
}
