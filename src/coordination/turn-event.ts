import { z } from "zod";
import { CacheChoice } from "./cache-life.ts";
import { Ballot, RevisionId } from "./ballot.ts";
import { ANSWER_CHECKED } from "./check-result.ts";
import { FailureClass, FailureReason } from "./failure-reason.ts";
import { AgentId, TurnId } from "../ids.ts";
import { Policy } from "./policy.ts";
import { QUEUE_EVENTS } from "./queue-events.ts";
import { Estimate, Usage } from "./usage.ts";

export { Ballot, FailureClass, RevisionId };

export const MoveKind = z.enum(["answer", "review", "present"]);
export type MoveKind = z.infer<typeof MoveKind>;

/** A message added to a running turn. */
export const SteeringMessage = z.object({ id: z.string(), author: z.string(), text: z.string() });
export type SteeringMessage = z.infer<typeof SteeringMessage>;

export const ClosedBy = z.enum(["settled", "bound", "grace", "limit", "person", "stopped"]);
export type ClosedBy = z.infer<typeof ClosedBy>;

export const LimitName = z.enum([
  "turn_timeout",
  "max_tokens",
  "max_cost_usd",
  "rounds",
  "move_timeout",
  "queue_timeout",
]);
export type LimitName = z.infer<typeof LimitName>;

/** Which rule put the presenter ahead. */
export const DecidedBy = z.enum([
  "tally",
  "agreement",
  "people",
  "longest_standing",
  "only_answer",
  "partial_scores",
  "nothing_scored",
]);
export type DecidedBy = z.infer<typeof DecidedBy>;

const at = z
  .number()
  .describe("Milliseconds of running time since the turn started; downtime does not count.");
const move = z.string().describe("Id of the move, unique in the turn.");
const agent = AgentId;
const usage = Usage;
const answer = {
  text: z.string(),
  claim: z
    .string()
    .optional()
    .describe("Its result in a few words, from its claim line; absent: it named none."),
  cut: z
    .literal(true)
    .optional()
    .describe(
      "The model's output limit cut the text, which decides nothing. Absent in old journals.",
    ),
};

const event = <T extends string, F extends z.ZodRawShape>(type: T, about: string, fields: F) =>
  z.object({ type: z.literal(type), at, ...fields }).describe(about);

/**
 * Everything that happens in a turn, in the past tense. The orchestrator, the journal, the status view, the trace and the tests all
 * read this one stream; `advance` folds it into a `TurnState`. Text deltas are not events: they are never journaled.
 *
 * A turn: `turn_started` → [`turn_queued` → `slot_taken`] → [`cache_chosen`] → [`turn_routed`] → moves (`move_started` … one of `answer_given`, `revision_offered`, `vote_cast`,
 * `answer_repeated`, `abstained`, `move_failed`, `move_timed_out`, `move_aborted`) → `turn_closed` → [a present move → `answer_presented`] → `turn_ended`.
 *
 * `npm run docs` writes docs/reference/events.md from the descriptions.
 */
export const TurnEvent = z.discriminatedUnion("type", [
  event("turn_started", "The turn starts, with its team and the policy that it keeps.", {
    turn: TurnId,
    team: z.string(),
    title: z.string().optional().describe("The team's name for people; absent: as its file."),
    agents: z.array(z.object({ id: AgentId, name: z.string() })).min(1),
    policy: Policy,
    skills: z
      .record(z.string(), z.number())
      .optional()
      .describe(
        "How much each agent's judgement counts: the track record of its model, log-odds of being right against the team's mean, doubled where one stands out; absent: all count the same.",
      ),
    absent: z
      .array(z.string())
      .optional()
      .describe("A sentence for each agent of the team that cannot take part; absent: none."),
  }),
  event(
    "cache_chosen",
    "How long providers are asked to keep the prompts of this turn. Absent if none of the team's models lets Parley choose.",
    CacheChoice.shape,
  ),
  event("turn_routed", "Mode `auto` has decided.", {
    mode: z.enum(["team", "solo"]),
    reason: z.string(),
    usage: Usage.nullable().describe("The router's call; null: none was needed."),
  }),
  event("routing_aborted", "The turn ended while the router was called.", {
    usage: usage.describe("An estimate."),
  }),
  event("move_started", "Parley asks an agent for a move.", {
    move,
    agent,
    kind: MoveKind,
    revisions: z.array(RevisionId).describe("The revisions that the agent reads, in this order."),
    mayRevise: z.boolean().describe("Whether a new answer would be accepted."),
    steering: z.number().describe("Number of inbox messages that the agent sees."),
    estimate: Estimate,
  }),
  event("move_retrying", "A transient failure; the move is retried.", {
    move,
    agent,
    attempt: z.number(),
    failure: FailureClass,
    message: z.string(),
    delayMs: z.number(),
    backend: z.string().optional().describe("The backend that takes over; absent: the same."),
  }),
  ...QUEUE_EVENTS,
  event(
    "move_metered",
    "What a running move has used so far. Written periodically while a call streams, and when it is aborted.",
    { move, agent, usage: usage.describe("The current call is estimated.") },
  ),
  event("answer_given", "An agent's first answer.", {
    move,
    agent,
    revision: RevisionId,
    ...answer,
    usage,
  }),
  event("revision_offered", "A reviewer revised its answer.", {
    move,
    agent,
    revision: RevisionId,
    ...answer,
    ballot: Ballot.nullable().describe("Its scores for the others; null: none."),
    usage,
  }),
  event("vote_cast", "A reviewer scored the revisions that it read.", {
    move,
    agent,
    ballot: Ballot,
    usage,
  }),
  event("answer_repeated", "An answer equal to a current one, which is not a new revision.", {
    move,
    agent,
    revision: RevisionId.describe("The answer that it repeats."),
    ballot: Ballot.describe("Gives a 10 to the answer that it repeats."),
    usage,
  }),
  event(
    "reread_called",
    "The best two results are too close: every reviewer reads the answers again, in another order.",
    {
      reading: z.number().describe("Which reading it is, from 2."),
      margin: z.number().describe("How far ahead the leading result was."),
    },
  ),
  event("abstained", "A reviewer neither voted nor revised its answer.", {
    move,
    agent,
    reason: z.string(),
    usage,
  }),
  ANSWER_CHECKED,
  event("move_failed", "A move failed after all retries: its agent leaves the turn.", {
    move,
    agent,
    failure: FailureClass,
    message: z.string(),
    reason: FailureReason.optional().catch(undefined).describe("Why, for people; decides nothing."),
    until: z
      .number()
      .optional()
      .describe("When the provider takes requests again, ms since the epoch."),
    usage: Usage.nullable(),
  }),
  event(
    "move_aborted",
    "A running move was aborted. Its usage is what was metered, or else its prompt.",
    {
      move,
      agent,
      cause: z
        .enum(["stale", "closed", "stopped", "interrupted"])
        .describe("`stale`: no result would be used; `interrupted`: its process died."),
    },
  ),
  event("message_steered", "A message was added to the running turn.", {
    message: SteeringMessage,
  }),
  event("preference_given", "A person prefers an answer; their last choice counts.", {
    person: z.string(),
    revision: RevisionId,
  }),
  event("time_passed", "A deadline passed.", {}),
  event("budget_reached", "A move was not started because its estimate no longer fits.", {
    limit: z.enum(["max_tokens", "max_cost_usd"]),
  }),
  event("finish_requested", "A person wants the best answer so far, now.", { by: z.string() }),
  event("turn_stopped", "A person stopped the turn, or a new message restarts it.", {
    by: z.string(),
    reason: z
      .enum(["stop", "restart", "edit"])
      .describe("`restart`, `edit`: another turn takes its place."),
  }),
  event("turn_closed", "No further moves start, except to present the answer.", {
    closedBy: ClosedBy,
    limit: LimitName.nullable(),
    revision: RevisionId.nullable().describe("The answer; null: there is none."),
    decidedBy: DecidedBy.nullable(),
    unseen: z
      .array(z.string())
      .describe("Ids of inbox messages that no finished move saw; they become the next turn."),
  }),
  event("answer_presented", "The presenter rewrote the answer, if the policy asks for that.", {
    move,
    agent,
    ...answer,
    usage,
  }),
  event("turn_ended", "The turn ends; only `answer_recalled` can follow.", {
    outcome: z.enum(["answered", "stopped", "failed"]),
  }),
  event("answer_recalled", "A person wants the best answer of a stopped turn posted after all.", {
    by: z.string(),
    revision: RevisionId,
    decidedBy: DecidedBy,
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
