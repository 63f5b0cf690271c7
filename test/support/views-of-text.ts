import { AgentId, TurnId } from "../../src/ids.ts";
import { differenceFrom } from "../../src/progress/difference.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";

// One text from outside stands wherever a text can stand.

export const teamFile = (text: string): string =>
  `name: a\nagents:\n  - { id: a, instructions: ${JSON.stringify(text)} }\n`;
export const massgenFile = (text: string): string =>
  `agents:\n  - { id: a, backend: { type: openai, model: m }, system_message: ${JSON.stringify(text)} }\n`;
export const ownMessage = (text: string) => ({
  id: "1",
  author: { id: "self", name: "Parley", kind: "self" as const },
  text,
  files: [],
  at: 0,
});

export const turn = TurnId.parse("01a2080a-2f41-79eb-a3f0-c3bbd0848f87");
const opus = AgentId.parse("opus");

export const finalView = (text: string, runnerUp = ""): FinalView => ({
  turn,
  presenter: opus,
  text,
  split: { name: text, text: runnerUp, difference: differenceFrom(text, runnerUp) },
  objection: { by: text, text },
  footer: {
    presenter: text,
    agreement: text,
    elapsedMs: 1,
    tokens: 1,
    costUsd: 1,
    notes: [text],
  },
});

export const statusView = (text: string): StatusView => ({
  turn,
  team: text,
  phase: "reviewing",
  elapsedMs: 1,
  round: 1,
  agents: [
    {
      agent: opus,
      name: text,
      label: "A",
      status: "voted",
      revision: 1,
      elapsedMs: 1,
      tokens: 1,
      note: text,
    },
  ],
  tally: [{ label: "A", agent: opus, name: text, score: 1, text: "+1", leads: true }],
  tokens: 1,
  costUsd: 1,
  queued: 1,
  waiting: [{ id: "1", author: text, excerpt: text }],
  preview: text,
  isSolo: false,
  answers: 1,
  after: "keep",
  isReplaced: false,
  note: text,
});
