import { readCall } from "../../../src/moves/read-call.ts";

/** The labels in the order in which they were read. */
export const labels = ["B", "C", "A"];

/** What a call's arguments come to, by label. */
export const scoresIn = (args: unknown, name = "vote", order: readonly string[] = labels) => {
  const json = typeof args === "string" ? args : JSON.stringify(args);
  const scores = readCall({ name, arguments: json }, order)?.judgement.scores ?? [];
  return Object.fromEntries(scores.map(({ label, score }) => [label, score]));
};

export const A9 = { A: 9, B: 7, C: 5 };
