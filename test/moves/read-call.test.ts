import fc from "fast-check";
import { expect, it } from "vitest";
import { readCall } from "../../src/moves/read-call.ts";
import { propertyRuns } from "../support/property-runs.ts";

const labels = ["B", "C", "A"];
const read = (args: unknown) =>
  readCall({ name: "vote", arguments: JSON.stringify(args) }, labels)?.judgement.scores;
const all = [
  { label: "B", score: 8 },
  { label: "C", score: 0 },
  { label: "A", score: 10 },
];

it.each([
  [
    "a list",
    [
      { answer: "A", score: 10 },
      { answer: "B", score: 8 },
      { answer: "C", score: 0 },
    ],
  ],
  ["a record", { A: 10, B: 8, C: 0 }],
  ["a record of objects", { A: { score: 10 }, B: { score: 8, why: "ok" }, C: { score: 0 } }],
  [
    "pairs",
    [
      ["A", 10],
      ["B", 8],
      ["C", 0],
    ],
  ],
  ["numbers as strings", { A: "10", B: "8/10", C: " 0 " }],
  ["out of range", { A: 11, B: 8, C: -3 }],
  [
    "other names",
    [
      { label: "a", rating: 10 },
      { agent_id: "agent B", value: 8 },
      { id: "[C]", points: 0 },
    ],
  ],
  ["labels in words", { "Answer A": 10, "answer b:": 8, '"C"': 0 }],
  [
    "what makes no sense",
    [
      { answer: "A", score: 10 },
      5,
      null,
      "x",
      { answer: 1, score: 1 },
      { answer: "B", score: 8 },
      { answer: "C", score: 0 },
      { answer: "A", score: "great" },
      { answer: "A", score: 1 },
    ],
  ],
])("reads scores given as %s", (_, given) => expect(read({ scores: given })).toEqual(all));

it("reads a vote for one answer alone, MassGen's way, as a 10 for it and 0 for the rest", () => {
  const chosen = [
    { label: "B", score: 10 },
    { label: "C", score: 0 },
    { label: "A", score: 0 },
  ];
  expect(read({ agent_id: "B", reason: "best" })).toEqual(chosen);
  expect(read({ answer: "answer b" })).toEqual(chosen);
  expect(read({ agent_id: "agent9" })).toEqual([]);
});

it("reads arguments that were encoded twice", () => {
  const twice = JSON.stringify(JSON.stringify({ scores: { A: 1 } }));
  expect(readCall({ name: "vote", arguments: twice }, labels)?.judgement.scores).toHaveLength(1);
});

it("knows no other tools", () => {
  expect(readCall({ name: "search", arguments: "{}" }, labels)).toBeUndefined();
});

it("takes anything a model may send without throwing, and lets no strange score through", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.jsonValue(), (args, given) => {
      for (const json of [args, JSON.stringify({ scores: given, content: given, reason: given })]) {
        const call = readCall({ name: "new_answer", arguments: json }, labels);
        for (const { label, score } of call?.judgement.scores ?? []) {
          expect(labels).toContain(label);
          expect(score >= 0 && score <= 10).toBe(true);
        }
      }
    }),
    { numRuns: propertyRuns(100) },
  );
});
