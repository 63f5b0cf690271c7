import { describe, expect, it } from "vitest";
import { A9, scoresIn } from "./scores-in.ts";

const list = [
  { answer: "A", score: 9 },
  { answer: "B", score: 7 },
  { answer: "C", score: 5 },
];

describe("a ballot is read", () => {
  it.each([
    ["as JSON text", { scores: JSON.stringify(list) }],
    ["as JSON text of a record", { scores: '{"A": 9, "B": 7, "C": 5}' }],
    ["as Python's text", { scores: "{'A': 9, 'B': 7, 'C': 5}" }],
    ["as lines of text", { scores: "A: 9\nB: 7\nC: 5" }],
    ["as one line of text", { scores: "A: 9, B: 7, C: 5" }],
    ["as a list in words", { scores: "[A: 9, B: 7, C: 5]" }],
    ["as a record", { scores: A9 }],
    ["as a record in a list", { scores: [A9] }],
    ["as records in a list", { scores: [{ A: 9 }, { B: 7 }, { C: 5 }] }],
    [
      "as pairs",
      {
        scores: [
          ["A", 9],
          ["B", "7"],
          ["C", [5]],
        ],
      },
    ],
    ["within itself", { scores: { scores: list } }],
    ["without a field for scores", { ...A9, reason: "x" }],
    [
      "under other names",
      {
        ratings: [
          { option: "A", points: 9 },
          { option: "B", points: 7 },
          { option: "C", points: 5 },
        ],
      },
    ],
    [
      "in other letter cases",
      {
        Scores: [
          { Answer: "a", Score: 9 },
          { Answer: "b", Score: 7 },
          { Answer: "c", Score: 5 },
        ],
      },
    ],
    [
      "with remarks",
      { scores: { A: { score: 9, reason: "1 gap" }, B: { value: 7 }, C: { rating: "5" } } },
    ],
    [
      "with a number of another name",
      {
        scores: [
          { answer: "A", quality: 9 },
          { answer: "B", quality: 7 },
          { answer: "C", quality: 5 },
        ],
      },
    ],
    ["with evaluations", { evaluations: { A: "9/10", B: "7/10", C: "5/10" } }],
  ])("%s", (_, args) => expect(scoresIn(args)).toEqual(A9));

  it.each([
    ["in arguments", { arguments: { scores: list } }],
    ["in JSON text in arguments", { arguments: JSON.stringify({ scores: list }) }],
    ["in parameters", { name: "vote", parameters: { scores: list } }],
    ["in input", { input: { scores: list } }],
    ["in properties", { type: "object", properties: { scores: list } }],
    ["in vote", { vote: { scores: list, reason: "x" } }],
    ["in a list", [{ scores: list }]],
    ["three times", { arguments: { args: JSON.stringify({ input: { scores: list } }) } }],
    ["as the list of scores itself", list],
  ])("wrapped %s", (_, args) => expect(scoresIn(args)).toEqual(A9));

  it.each([
    ["encoded twice", JSON.stringify(JSON.stringify({ scores: list }))],
    ["in a code block", `\`\`\`json\n${JSON.stringify({ scores: list })}\n\`\`\``],
    ["sent twice", JSON.stringify({ scores: list }).repeat(2)],
    ["behind an empty object", `{}${JSON.stringify({ scores: list })}`],
    ["with a comma too many", '{"scores": {"A": 9, "B": 7, "C": 5,},}'],
    ["with a line break in a string", '{"reason": "one\ntwo", "scores": {"A": 9, "B": 7, "C": 5}}'],
    ["with words before it", `Here it is: ${JSON.stringify({ scores: list })}`],
  ])("%s", (_, json) => expect(scoresIn(json)).toEqual(A9));
});
