import { z } from "zod";

const seconds = (value: number, reason: string) =>
  z.number().nonnegative().default(value).describe(`Seconds. ${reason}`);
const count = (value: number, least: number, reason: string) =>
  z.number().int().min(least).default(value).describe(reason);

/**
 * Every number that bounds a turn, with its default. Times are in seconds of running time: downtime after a crash does not count.
 * The one schema of a team file's `limits`.
 */
export const Limits = z.strictObject({
  gather: seconds(
    15,
    "How long reviews wait for further first answers, and late answers for one another.",
  ),
  grace: seconds(
    10,
    "In teams of four or more: how long the last reviewer is waited for once all the others have voted.",
  ),
  quorum: count(
    2,
    1,
    "Answers that must stand before reviews may begin without the rest, and reviewers an answer needs to be electable; clamped to the live agents.",
  ),
  revisions_per_agent: count(
    1,
    0,
    "Improvements an agent may offer after its first answer (again after a message steers the turn).",
  ),
  rounds: count(3, 0, "Review moves one agent may be asked for in a turn."),
  turn_timeout: seconds(
    300,
    "The whole turn; after 60 % of it no new answer or revision starts, only reviews.",
  ),
  move_timeout: seconds(150, "One move, its retries included."),
  first_sign: seconds(120, "How long a model may stay silent before its first byte."),
  idle: seconds(60, "How long a stream may stall between two bytes."),
  move_retries: count(
    2,
    0,
    "Retries of one move after a passing error (rate limit, overload, network).",
  ),
  people_weight: z
    .number()
    .nonnegative()
    .default(1)
    .describe("How much one person's choice weighs against one reviewer's ballot."),
  max_tokens: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Tokens one turn may use in all, in and out; none if absent."),
  max_cost_usd: z
    .number()
    .positive()
    .optional()
    .describe("US dollars one turn may cost; holds only where the prices are known."),
});
export type Limits = z.infer<typeof Limits>;

/** How a team coordinates: part of its team file, journaled with each turn, so a running turn keeps the policy it started with. */
export const Policy = z.strictObject({
  mode: z
    .enum(["team", "solo", "auto"])
    .default("team")
    .describe(
      "team: all agents answer, review and vote; solo: the first agent alone, one call; auto: a router model decides per request.",
    ),
  tally: z
    .enum(["scores", "plurality"])
    .default("scores")
    .describe(
      "scores: mean of centred 0–10 scores; plurality: one vote per reviewer, for its highest score.",
    ),
  present: z
    .enum(["reuse", "polish", "synthesize"])
    .default("reuse")
    .describe(
      "reuse: the elected text as it stands; polish: its author rewrites it with the votes in view; synthesize: its author merges all answers.",
    ),
  during_turn: z
    .enum(["queue", "steer", "restart"])
    .default("queue")
    .describe(
      "What a message that arrives while a turn runs does: becomes the next turn, is put to the agents at once, or starts the turn over.",
    ),
  limits: Limits.prefault({}),
});
export type Policy = z.infer<typeof Policy>;
