import { z } from "zod";
import { AgentId, TurnId } from "../ids.ts";
import { Policy } from "./policy.ts";

/** Tokens of one or more model calls. `input` is the whole prompt, cached part included; `output` includes reasoning. */
export const Usage = z.object({
  input: z.number(),
  cached: z.number(),
  output: z.number(),
  /** US dollars; null: the price is unknown. */
  costUsd: z.number().nullable(),
  /** Milliseconds from the request to the first token; null: none came. */
  firstTokenMs: z.number().nullable(),
  /** The part of `input` and `output` that Parley estimated, because the provider did not report it; absent: none. */
  estimated: z.number().optional(),
  /** Milliseconds that calls waited for their account's rate limit; absent: not measured. */
  queuedMs: z.number().optional(),
  /** Milliseconds that calls took at the provider; absent: not measured. */
  modelMs: z.number().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** What a move is expected to use at most: its prompt plus the output reserved for it. */
export const Estimate = z.object({
  tokens: z.number(),
  costUsd: z.number().nullable(),
  /** The prompt alone: the cost of a call that was aborted before its first token. Absent in old journals. */
  prompt: z.object({ tokens: z.number(), costUsd: z.number().nullable() }).optional(),
});
export type Estimate = z.infer<typeof Estimate>;

/** `{agent}.{n}`: the n-th revision of that agent's answer in this turn, from 1. */
export const RevisionId = z.string().brand<"RevisionId">();
export type RevisionId = z.infer<typeof RevisionId>;

export const MoveKind = z.enum(["answer", "review", "present"]);
export type MoveKind = z.infer<typeof MoveKind>;

/** Classes of failure of a model call; `backends/resilience` decides which of them are retried. */
export const FailureClass = z.enum([
  "rate_limit",
  "overloaded",
  "auth",
  "context",
  "bad_request",
  "timeout",
  "network",
  "incomplete",
  "refused",
  "no_call",
]);
export type FailureClass = z.infer<typeof FailureClass>;

/** One reviewer's scores (0–10) for the revisions it saw. */
export const Ballot = z.object({
  scores: z.record(z.string(), z.number().min(0).max(10)),
  reason: z.string(),
  /** One sentence that quotes what the reviewer considers wrong in another answer. */
  objection: z.object({ revision: RevisionId, text: z.string() }).optional(),
});
export type Ballot = z.infer<typeof Ballot>;

/** A message added to a running turn. */
export const SteeringMessage = z.object({ id: z.string(), author: z.string(), text: z.string() });
export type SteeringMessage = z.infer<typeof SteeringMessage>;

export const ClosedBy = z.enum(["settled", "bound", "grace", "limit", "stopped"]);
export type ClosedBy = z.infer<typeof ClosedBy>;

export const LimitName = z.enum([
  "turn_timeout",
  "max_tokens",
  "max_cost_usd",
  "rounds",
  "move_timeout",
]);
export type LimitName = z.infer<typeof LimitName>;

/** Which rule put the presenter ahead. */
export const DecidedBy = z.enum([
  "tally",
  "people",
  "longest_standing",
  "only_answer",
  "partial_scores",
  "nothing_scored",
]);
export type DecidedBy = z.infer<typeof DecidedBy>;

/** Milliseconds of running time since the turn started; never goes back, does not count downtime after a crash. */
const at = z.number();
const move = z.string();
const agent = AgentId;
const usage = Usage;
const answer = { text: z.string(), cut: z.literal(true).optional() };

/**
 * Everything that happens in a turn, in the past tense. The orchestrator, the journal, the status view, the trace and the tests all
 * read this one stream; `advance` folds it into a `TurnState`. Text deltas are not events: they are never journaled.
 *
 * A turn: `turn_started` → [`turn_routed`] → moves (`move_started` … one of `answer_given`, `revision_offered`, `vote_cast`,
 * `answer_repeated`, `abstained`, `move_failed`, `move_aborted`) → `turn_closed` → [a present move → `answer_presented`] → `turn_ended`.
 */
export const TurnEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("turn_started"),
    at,
    turn: TurnId,
    team: z.string(),
    agents: z.array(z.object({ id: AgentId, name: z.string() })).min(1),
    policy: Policy,
    /** A sentence for each agent of the team that cannot take part, for the status; absent: none. */
    absent: z.array(z.string()).optional(),
  }),
  /** `auto` decided; `usage` is the router's call. */
  z.object({
    type: z.literal("turn_routed"),
    at,
    mode: z.enum(["team", "solo"]),
    reason: z.string(),
    usage: Usage.nullable(),
  }),
  /** The turn ended while the router was being asked; `usage` is an estimate. */
  z.object({ type: z.literal("routing_aborted"), at, usage }),
  z.object({
    type: z.literal("move_started"),
    at,
    move,
    agent,
    kind: MoveKind,
    /** The revisions that the agent reads, in this order. */
    revisions: z.array(RevisionId),
    /** Whether a new answer would be accepted. */
    mayRevise: z.boolean(),
    /** How many steering messages the agent sees: the first n of the inbox. */
    steering: z.number(),
    estimate: Estimate,
  }),
  /** A transient failure; the move is retried after `delayMs`, on `backend` if another one takes over. */
  z.object({
    type: z.literal("move_retrying"),
    at,
    move,
    agent,
    attempt: z.number(),
    failure: FailureClass,
    message: z.string(),
    delayMs: z.number(),
    backend: z.string().optional(),
  }),
  /** What a running move has used so far; the current call is estimated. Written periodically while a call streams, and when it is aborted. */
  z.object({ type: z.literal("move_metered"), at, move, agent, usage }),
  /** An agent's first answer. `cut`: its model's output limit cut it, which decides nothing; absent in old journals. */
  z.object({
    type: z.literal("answer_given"),
    at,
    move,
    agent,
    revision: RevisionId,
    ...answer,
    usage,
  }),
  /** A reviewer revised its answer; with `ballot`, it also scored the others. */
  z.object({
    type: z.literal("revision_offered"),
    at,
    move,
    agent,
    revision: RevisionId,
    ...answer,
    ballot: Ballot.nullable(),
    usage,
  }),
  z.object({ type: z.literal("vote_cast"), at, move, agent, ballot: Ballot, usage }),
  /** An answer equal to a current one: not a new revision; the ballot gives a 10 to the answer it repeats. */
  z.object({
    type: z.literal("answer_repeated"),
    at,
    move,
    agent,
    revision: RevisionId,
    ballot: Ballot,
    usage,
  }),
  z.object({ type: z.literal("abstained"), at, move, agent, reason: z.string(), usage }),
  /** A move failed after all retries: its agent leaves the turn. */
  z.object({
    type: z.literal("move_failed"),
    at,
    move,
    agent,
    failure: FailureClass,
    message: z.string(),
    usage: Usage.nullable(),
  }),
  /** `stale`: no result would be used; `interrupted`: its process died. Its usage is what was metered, or else its prompt. */
  z.object({
    type: z.literal("move_aborted"),
    at,
    move,
    agent,
    cause: z.enum(["stale", "closed", "stopped", "interrupted"]),
  }),
  z.object({ type: z.literal("message_steered"), at, message: SteeringMessage }),
  /** A person prefers the current revision with a label; a person's last choice counts. */
  z.object({ type: z.literal("preference_given"), at, person: z.string(), revision: RevisionId }),
  /** A deadline passed. */
  z.object({ type: z.literal("time_passed"), at }),
  /** A move was not started because its estimate no longer fits. */
  z.object({
    type: z.literal("budget_reached"),
    at,
    limit: z.enum(["max_tokens", "max_cost_usd"]),
  }),
  z.object({
    type: z.literal("turn_stopped"),
    at,
    by: z.string(),
    reason: z.enum(["stop", "restart"]),
  }),
  z.object({
    type: z.literal("turn_closed"),
    at,
    closedBy: ClosedBy,
    limit: LimitName.nullable(),
    /** Null: there is no answer. */
    revision: RevisionId.nullable(),
    decidedBy: DecidedBy.nullable(),
    /** Inbox messages that no finished move saw, by id; they become the next turn. */
    unseen: z.array(z.string()),
  }),
  /** The presenter's text, if the policy lets the presenter rewrite the answer. */
  z.object({ type: z.literal("answer_presented"), at, move, agent, ...answer, usage }),
  z.object({
    type: z.literal("turn_ended"),
    at,
    outcome: z.enum(["answered", "stopped", "failed"]),
  }),
]);
export type TurnEvent = z.infer<typeof TurnEvent>;

/** The event of one type. */
export type EventOf<T extends TurnEvent["type"]> = Extract<TurnEvent, { type: T }>;

/** An event before the runner stamps its time. */
export type Draft = TurnEvent extends infer E
  ? E extends TurnEvent
    ? Omit<E, "at">
    : never
  : never;
