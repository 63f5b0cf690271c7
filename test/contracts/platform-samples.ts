import { TurnId } from "../../src/ids.ts";
import type { DeliveryMark, Outgoing } from "../../src/platform.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";
import type { CommandPorts } from "../../src/commands/ports.ts";
import { fold } from "../../src/coordination/advance.ts";
import { sampleFinal, sampleStatus } from "../support/sample-views.ts";
import { turnStory } from "../support/turn-story.ts";

const turn = TurnId.parse("01a2080a-2f41-79eb-a3f0-c3bbd0848f87");
export const otherTurn = TurnId.parse("01a2080a-2f41-79eb-a3f0-c3bbd0848f88");

export const markOf = (kind: DeliveryMark["kind"], chunk = 0, of = turn): DeliveryMark => ({
  turn: of,
  kind,
  chunk,
});

export const statusOf = (phase: StatusView["phase"] = "answering"): Outgoing => ({
  kind: "status",
  view: sampleStatus({ phase, elapsedMs: 1000 }),
});

const viewOf = (text: string): FinalView =>
  sampleFinal({
    text,
    footer: { elapsedMs: 1000, costUsd: null, tokens: 12, notes: ["A note of the footer."] },
  });

export const finalOf = (text: string, chunk = 0, chunks = 1): Outgoing => ({
  kind: "final",
  view: viewOf(text),
  text,
  chunk,
  chunks,
});

export const noteOf = (text: string): Outgoing => ({ kind: "note", text });

/** The turn of these messages, with two answers so far. */
export const runningTurn = fold(turnStory({ turn }).slice(0, 8));

export const QUEUED = { id: "17.25", author: "Ada", excerpt: "And for JSON?" };

/** The status of the running turn, with the labels of its answers and a queued message. */
const runningStatus: StatusView = sampleStatus({
  phase: "reviewing",
  elapsedMs: 1000,
  waiting: [QUEUED],
  agents: runningTurn.agents.map(({ id, name, label }) => ({
    agent: id,
    name,
    label: label ?? null,
    status: "answered",
    revision: 1,
    elapsedMs: 0,
    tokens: 0,
    note: null,
  })),
});

export const queuedStatus: Outgoing = { kind: "status", view: runningStatus };

/** The turns that an adapter looks up, among them the running one once `remember` was called. */
export function turnsWithRunning(turns: CommandPorts["turns"]) {
  const state = { isKnown: false };
  return {
    remember: () => void (state.isKnown = true),
    turns: {
      ...turns,
      get: async (...which: Parameters<typeof turns.get>) =>
        state.isKnown && which[1] === turn ? runningTurn : turns.get(...which),
      status: async (conversation: Parameters<typeof turns.status>[0]) =>
        state.isKnown ? runningStatus : turns.status(conversation),
    },
  };
}
