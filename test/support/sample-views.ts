import { AgentId, TurnId } from "../../src/ids.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";

const turn = TurnId.parse("01a2080a-2f41-79eb-a3f0-c3bbd0848f87");

/** The status of a turn that has just begun, but for what a test says of it. */
export const sampleStatus = (view: Partial<StatusView> = {}): StatusView => ({
  turn,
  team: "council",
  phase: "answering",
  elapsedMs: 0,
  round: 0,
  agents: [],
  tally: [],
  tokens: 0,
  costUsd: 0,
  queued: 0,
  waiting: [],
  preview: "",
  isSolo: false,
  answers: 0,
  after: "line",
  isReplaced: false,
  note: "",
  ...view,
});

/** The final answer of one agent, but for what a test says of it. */
export const sampleFinal = ({
  footer,
  ...view
}: Partial<Omit<FinalView, "footer">> & {
  readonly footer?: Partial<FinalView["footer"]>;
} = {}): FinalView => ({
  turn,
  presenter: AgentId.parse("opus"),
  text: "Use a B-tree.",
  split: null,
  objection: null,
  footer: {
    presenter: "Opus",
    agreement: "",
    elapsedMs: 0,
    costUsd: 0,
    tokens: 0,
    notes: [],
    ...footer,
  },
  ...view,
});
