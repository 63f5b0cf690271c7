import { TurnId } from "../../src/ids.ts";
import type { DeliveryMark, Outgoing } from "../../src/platform.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";
import { sampleFinal, sampleStatus } from "../support/sample-views.ts";

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
