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
    "How long reviews wait for more first answers, and late answers wait for each other.",
  ),
  grace: seconds(
    10,
    "In teams of four or more: how long to wait for the last reviewer after all others have voted.",
  ),
  quorum: count(
    2,
    1,
    "Number of answers after which reviews may start without the rest, and number of reviewers that an answer needs to be elected. At most the number of agents that take part.",
  ),
  revisions_per_agent: count(
    1,
    0,
    "Improvements that an agent may offer after its first answer. A steering message allows them again.",
  ),
  rounds: count(3, 0, "Reviews that one agent may be asked for in a turn."),
  turn_timeout: seconds(
    300,
    "Duration of the whole turn. After 60 % of it only reviews start, no new answers or revisions. Time in which all its calls wait for room does not count.",
  ),
  move_timeout: seconds(
    150,
    "Duration of one move (one request to one agent), including its retries. Time in which its call waits for room does not count.",
  ),
  queue_timeout: seconds(
    600,
    "How long one move may wait for room: for other calls on its account to end, or for the end of the provider's rate limit. Then its agent drops out, because people have stopped waiting for the answer. A turn that finds every place taken (`PARLEY_TURNS`) waits as long, and then says so.",
  ),
  first_sign: seconds(120, "How long to wait for a model's first byte."),
  idle: seconds(60, "How long a stream may pause between two bytes."),
  move_retries: count(
    2,
    0,
    "Retries of one move after a temporary error (rate limit, overload, network).",
  ),
  people_weight: z
    .number()
    .nonnegative()
    .default(1)
    .describe("Weight of one person's vote compared with one reviewer's."),
  max_tokens: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("Tokens that one turn may use, input and output together. Default: no limit."),
  max_cost_usd: z
    .number()
    .positive()
    .optional()
    .describe("US dollars that one turn may cost. Applies only to models with a known price."),
});
export type Limits = z.infer<typeof Limits>;

/** How ballots become a choice. */
export const Tally = z
  .enum(["pooled", "scores", "plurality"])
  .describe(
    "pooled: equal answers count together; where all agree, one review is enough; where it is close, reviewers read again. scores: the mean of the reviewers' scores, each reviewer's centred. plurality: one vote per reviewer, for its highest score.",
  );

/** Whose judgement counts more. */
export const Scoreboard = z
  .enum(["off", "prior", "learned"])
  .describe(
    "With `tally: pooled`, how much each agent's answers and reviews count. off: all the same. prior: by what public comparisons say of its model. learned: by that, and by how its model did in this space's earlier turns.",
  );

/** How long a request may still grow. */
export const Settle = z
  .number()
  .min(0)
  .max(30)
  .describe(
    "Seconds, 0–30. How long a turn waits for more messages of the same person in the same thread or direct message, which then belong to its question. Each one lets it wait anew, three times as long in all at most. It does not wait after 120 characters or more that end with a full stop, a question mark or an exclamation mark, nor for commands, nor in the terminal. 0: each message is a turn of its own.",
  );

/** How a team coordinates: part of its team file, journaled with each turn, so a running turn keeps the policy it started with. */
export const Policy = z.strictObject({
  mode: z
    .enum(["team", "solo", "auto"])
    .default("team")
    .describe(
      "team: all agents answer, review and vote. solo: only the first agent answers, in one call. auto: a router model decides for each request.",
    ),
  // What policies without it were journaled under; team files have a default of their own.
  tally: Tally.default("scores"),
  ballot: z
    .enum(["score", "chance"])
    .default("score")
    .describe(
      "With `tally: pooled`, what a reviewer gives each answer. score: 0–10. chance: the chance in percent that it is right.",
    ),
  // What policies without it were journaled under; team files have a default of their own.
  scoreboard: Scoreboard.default("off"),
  present: z
    .enum(["reuse", "polish", "synthesize"])
    .default("reuse")
    .describe(
      "reuse: post the elected answer unchanged. polish: its author rewrites it with the votes in view. synthesize: its author merges all answers.",
    ),
  during_turn: z
    .enum(["queue", "steer", "restart"])
    .default("queue")
    .describe(
      "What happens to a message that arrives while a turn runs. queue: it becomes the next turn. steer: Parley sends it to the agents at once. restart: the turn stops and the message is answered instead.",
    ),
  // What policies without it were journaled under; team files have a default of their own.
  settle: Settle.default(0),
  status: z
    .enum(["keep", "line", "delete"])
    .default("line")
    .describe(
      "What becomes of the status message when the answer is posted. line: it shrinks to one line; of a team of one, it goes. keep: it still shows every agent. delete: it goes, where the platform allows that.",
    ),
  limits: Limits.prefault({}),
});
export type Policy = z.infer<typeof Policy>;
