import { fold } from "../../src/coordination/advance.ts";
import { Policy } from "../../src/coordination/policy.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";

const NAMES = { ada: "Ada", ben: "Ben", cid: "Cid", dan: "Dan" } as const;
type Agent = keyof typeof NAMES;
const AGENTS: readonly Agent[] = ["ada", "ben", "cid", "dan"];

const ANSWERS: Readonly<Record<Agent, string>> = {
  ada: "Run a cron job once a minute that polls the table. There is no broker to operate.\n\n- one line in the crontab\n- late by a minute at most",
  ben: 'Use a **queue**: each job is taken once, and waits while a worker is away.\n\n```ts\nconst queue = new Queue("mails");\nawait queue.add({ to: "ada@example.com" });\n```',
  cid: "A queue fits. Give it a retry limit, or a bad job runs for ever.",
  dan: "",
};

const usage = (input: number, output: number, costUsd: number) => ({
  input,
  cached: Math.floor(input / 2),
  output,
  costUsd,
  firstTokenMs: 400,
});

const move = (at: number, agent: Agent, kind: "answer" | "review") => ({
  type: "move_started",
  at,
  move: `${agent}:${kind}:1`,
  agent,
  kind,
  revisions: kind === "answer" ? [] : ["ada.1", "ben.1", "cid.1"],
  mayRevise: false,
  steering: 0,
  estimate: { tokens: 3_000, costUsd: 0.01 },
});

const answer = (at: number, agent: Agent, text = ANSWERS[agent]) => ({
  type: "answer_given",
  at,
  move: `${agent}:answer:1`,
  agent,
  revision: `${agent}.1`,
  text,
  usage: usage(1_200, 220, 0.004),
});

interface Vote {
  readonly at: number;
  readonly agent: Agent;
  readonly scores: Readonly<Partial<Record<Agent, number>>>;
  readonly reason: string;
  readonly objection?: { readonly to: Agent; readonly text: string };
}

const vote = ({ at, agent, scores, reason, objection }: Vote) => ({
  type: "vote_cast",
  at,
  move: `${agent}:review:1`,
  agent,
  ballot: {
    scores: Object.fromEntries(
      Object.entries(scores).map(([author, score]) => [`${author}.1`, score]),
    ),
    reason,
    ...(objection && { objection: { revision: `${objection.to}.1`, text: objection.text } }),
  },
  usage: usage(2_300, 110, 0.006),
});

const begin = () => [
  {
    type: "turn_started",
    at: 0,
    turn: "01a2080a-2f41-79eb-a3f0-c3bbd0848f87",
    team: "council",
    title: "Council",
    agents: AGENTS.map((id) => ({ id, name: NAMES[id] })),
    policy: Policy.parse({}),
  },
  ...AGENTS.map((agent) => move(0, agent, "answer")),
];

const danIsOut = {
  type: "move_failed",
  at: 3_000,
  move: "dan:answer:1",
  agent: "dan",
  failure: "overloaded",
  message: "529 overloaded",
  usage: null,
};

const answered = (ben?: string) => [
  ...begin(),
  danIsOut,
  answer(4_000, "ada"),
  answer(5_000, "ben", ben),
  answer(6_000, "cid"),
  ...(["ada", "ben", "cid"] as const).map((agent) => move(6_000, agent, "review")),
];

const over = (at: number, decidedBy = "tally") => [
  {
    type: "turn_closed",
    at,
    closedBy: "settled",
    limit: null,
    revision: "ben.1",
    decidedBy,
    unseen: [],
  },
  { type: "turn_ended", at, outcome: "answered" },
];

const AGREED: readonly Vote[] = [
  { at: 8_000, agent: "ada", scores: { ada: 5, ben: 9, cid: 6 }, reason: "A job is taken once." },
  { at: 9_000, agent: "ben", scores: { ada: 4, ben: 9, cid: 7 }, reason: "It waits for workers." },
  {
    at: 12_000,
    agent: "cid",
    scores: { ada: 3, ben: 9, cid: 8 },
    reason: "The same as mine, with code.",
    objection: { to: "ben", text: "a queue needs a retry limit" },
  },
];

const SPLIT: readonly Vote[] = [
  {
    at: 8_000,
    agent: "ada",
    scores: { ada: 9, ben: 6, cid: 5 },
    reason: "No broker to run.",
    objection: { to: "ben", text: "a queue is one more thing to operate" },
  },
  { at: 9_000, agent: "ben", scores: { ada: 6, ben: 9, cid: 6 }, reason: "A job is taken once." },
  { at: 12_000, agent: "cid", scores: { ada: 7, ben: 8, cid: 7 }, reason: "Both work." },
];

const played = (events: readonly object[]): TurnState => fold(TurnEvent.array().parse(events));

/** A turn of a council of four, one of which is out, at the moments that people see. */
export const SCENES = {
  running: played([...answered(), vote({ ...firstOf(AGREED) })]),
  agreed: played([...answered(), ...AGREED.map(vote), ...over(12_000)]),
  split: played([...answered(), ...SPLIT.map(vote), ...over(12_000)]),
} as const;

/** An answer that is too long for messages of a platform. */
export const longAnswer = (length: number): string => {
  const step = "Take the job from the queue, do it, and acknowledge it. ".repeat(8);
  const count = Math.ceil(length / step.length);
  return Array.from({ length: count }, (_, n) => `**Step ${n + 1}.** ${step.trim()}`).join("\n\n");
};

function firstOf(votes: readonly Vote[]): Vote {
  const [first] = votes;
  if (!first) throw new Error("Nobody votes.");
  return first;
}
