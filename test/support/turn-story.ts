import { Policy } from "../../src/coordination/policy.ts";
import { RevisionId, TurnEvent } from "../../src/coordination/turn-event.ts";
import type { Usage } from "../../src/coordination/usage.ts";
import { AgentId, TurnId } from "../../src/ids.ts";

/** What a story says about its turn. */
export interface StoryOptions {
  readonly turn?: string;
  readonly answer?: string;
  readonly policy?: Record<string, unknown>;
}

export const used = (input: number, output: number, costUsd: number | null): Usage => ({
  input,
  cached: Math.floor(input / 2),
  output,
  costUsd,
  firstTokenMs: 400,
});

const [opus, gemini, gpt] = ["opus", "gemini", "gpt"].map((id) => AgentId.parse(id));
const revision = (id: string) => RevisionId.parse(id);

/** The beginning of every story: three agents start to answer. */
export function storyStart({ turn = "turn-1", policy = {} }: StoryOptions = {}): TurnEvent[] {
  const agents = [
    { id: opus, name: "Opus" },
    { id: gemini, name: "Gemini" },
    { id: gpt, name: "GPT" },
  ];
  return TurnEvent.array().parse([
    {
      type: "turn_started",
      at: 0,
      turn: TurnId.parse(turn),
      team: "council",
      agents,
      policy: Policy.parse(policy),
    },
    ...agents.map(({ id }) => moveStarted(0, id, "answer", [])),
  ]);
}

const moveStarted = (at: number, agent: unknown, kind: string, revisions: readonly string[]) => ({
  type: "move_started",
  at,
  move: `${String(agent)}:${kind}:1`,
  agent,
  kind,
  revisions,
  mayRevise: true,
  steering: 0,
  estimate: { tokens: 3000, costUsd: 0.01 },
});

/** A whole turn: one agent is slow and then fails, one revises, two vote, Gemini presents. */
export function turnStory(options: StoryOptions = {}): TurnEvent[] {
  const text =
    options.answer ??
    "Use a **B-tree**: reads stay ordered.\n\n- one seek per lookup\n- ranges are cheap";
  return [
    ...storyStart(options),
    ...TurnEvent.array().parse([
      {
        type: "move_retrying",
        at: 1500,
        move: "gpt:answer:1",
        agent: gpt,
        attempt: 1,
        failure: "rate_limit",
        message: "429 slow down",
        delayMs: 2000,
      },
      {
        type: "answer_given",
        at: 4000,
        move: "opus:answer:1",
        agent: opus,
        revision: "opus.1",
        text: "A hash index is fastest.",
        usage: used(1200, 300, 0.012),
      },
      {
        type: "answer_given",
        at: 6000,
        move: "gemini:answer:1",
        agent: gemini,
        revision: "gemini.1",
        text: "Take a B-tree.",
        usage: used(1100, 250, 0.004),
      },
      {
        type: "move_failed",
        at: 7000,
        move: "gpt:answer:1",
        agent: gpt,
        failure: "rate_limit",
        message: "429 slow down",
        usage: null,
      },
      moveStarted(7000, opus, "review", ["gemini.1", "opus.1"]),
      moveStarted(7000, gemini, "review", ["opus.1", "gemini.1"]),
      {
        type: "revision_offered",
        at: 11_000,
        move: "gemini:review:1",
        agent: gemini,
        revision: "gemini.2",
        text,
        ballot: {
          scores: { "opus.1": 4 },
          reason: "A hash cannot range.",
          objection: { revision: "opus.1", text: "“fastest” is wrong for ranges" },
        },
        usage: used(2400, 400, 0.009),
      },
      {
        type: "vote_cast",
        at: 12_000,
        move: "opus:review:1",
        agent: opus,
        ballot: { scores: { "gemini.1": 8, "opus.1": 5 }, reason: "Ranges matter here." },
        usage: used(2300, 120, 0.02),
      },
      moveStarted(12_000, opus, "review", ["gemini.2", "opus.1"]),
      moveStarted(12_000, gemini, "review", ["opus.1", "gemini.2"]),
      {
        type: "vote_cast",
        at: 14_000,
        move: "gemini:review:1",
        agent: gemini,
        ballot: {
          scores: { "gemini.2": 8, "opus.1": 4 },
          reason: "Only a B-tree ranges.",
          objection: { revision: "opus.1", text: "“fastest” is wrong for ranges" },
        },
        usage: used(2500, 90, 0.008),
      },
      {
        type: "vote_cast",
        at: 15_000,
        move: "opus:review:1",
        agent: opus,
        ballot: { scores: { "gemini.2": 9, "opus.1": 3 }, reason: "Ordered reads decide it." },
        usage: used(2600, 100, 0.021),
      },
      {
        type: "turn_closed",
        at: 15_000,
        closedBy: "settled",
        limit: null,
        revision: revision("gemini.2"),
        decidedBy: "tally",
        unseen: [],
      },
      { type: "turn_ended", at: 15_000, outcome: "answered" },
    ]),
  ];
}

/** A turn in which every agent fails. */
export const failedStory = (options: StoryOptions = {}): TurnEvent[] => [
  ...storyStart(options),
  ...TurnEvent.array().parse([
    ...[opus, gemini, gpt].map((agent) => ({
      type: "move_failed",
      at: 2000,
      move: `${String(agent)}:answer:1`,
      agent,
      failure: "auth",
      message: "401 invalid key",
      usage: null,
    })),
    {
      type: "turn_closed",
      at: 2000,
      closedBy: "settled",
      limit: null,
      revision: null,
      decidedBy: null,
      unseen: [],
    },
    { type: "turn_ended", at: 2000, outcome: "failed" },
  ]),
];

/** A turn of one agent, from its start to its end. */
export function soloStory({
  turn = "turn-1",
  answer = "Use a B-tree.",
}: StoryOptions = {}): TurnEvent[] {
  const move = "opus:answer:1";
  return TurnEvent.array().parse([
    {
      type: "turn_started",
      at: 0,
      turn: TurnId.parse(turn),
      team: "solo",
      agents: [{ id: opus, name: "Opus" }],
      policy: Policy.parse({}),
    },
    moveStarted(0, opus, "answer", []),
    {
      type: "answer_given",
      at: 4000,
      move,
      agent: opus,
      revision: "opus.1",
      text: answer,
      usage: used(1200, 300, 0.012),
    },
    {
      type: "turn_closed",
      at: 4000,
      closedBy: "settled",
      limit: null,
      revision: "opus.1",
      decidedBy: "only_answer",
      unseen: [],
    },
    { type: "turn_ended", at: 4000, outcome: "answered" },
  ]);
}
