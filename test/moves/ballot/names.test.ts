import { describe, expect, it } from "vitest";
import { readCall } from "../../../src/moves/read-call.ts";
import { A9, labels, scoresIn } from "./scores-in.ts";

describe("a label is read", () => {
  it.each([
    "A",
    "a",
    " A ",
    "Answer A",
    "answer_a",
    "Answer #A",
    "[A]",
    "(A)",
    "**A**",
    "`A`",
    "A:",
    "A)",
    "A.",
    '<team-answer label="A">',
    '<team-answer-5d0c93f1 label="A">',
    'label="A"',
    "label: A",
    "Option A",
    "Response A",
    "Candidate A",
    "agent A",
    "The answer A",
    "A (the first)",
    "A: says nine",
    "A – nine",
    "Antwort A",
    "Réponse A",
    "答案A",
    "A_score",
    "Score for A",
  ])("as %j", (label) => {
    expect(
      scoresIn({
        scores: [
          { answer: label, score: 9 },
          { answer: "B", score: 1 },
        ],
      }),
    ).toEqual({ A: 9, B: 1 });
  });

  it.each(["A good one", "AB", "Z", "", "answer", "BA"])("not as %j", (label) => {
    expect(
      scoresIn({
        scores: [
          { answer: label, score: 9 },
          { answer: "B", score: 1 },
        ],
      }),
    ).toEqual({ B: 1 });
  });

  it("as a number, in the order in which the answers were read", () => {
    expect(scoresIn({ scores: { 1: 9, 2: 7, 3: 5 } }, "vote", ["A", "B", "C"])).toEqual(A9);
    expect(
      scoresIn({
        scores: [
          { answer: 1, score: 9 },
          { answer: 2, score: 7 },
        ],
      }),
    ).toEqual({ B: 9, C: 7 });
    expect(scoresIn({ scores: { "Answer 0": 9, "Answer 1": 7 } })).toEqual({ B: 9, C: 7 });
  });

  it("by itself, for the answer that is chosen", () => {
    const chosen = { A: 0, B: 10, C: 0 };
    for (const args of [
      { vote: "B" },
      { answer: "Answer B" },
      { agent_id: "b" },
      { choice: "[B]" },
      { best: "B" },
    ]) {
      expect(scoresIn(args)).toEqual(chosen);
    }
  });
});

describe("a tool's name is read", () => {
  it.each([
    "vote",
    "Vote",
    "functions.vote",
    "vote<|channel|>commentary",
    "default_api:vote",
    "default_api.vote",
    "functions.vote:0",
    "vote:1",
    "mcp__parley__vote",
    "parley_vote",
    "tools/vote",
    "cast_vote",
    "vote()",
    '"vote"',
    "",
    "json_tool_call",
    "StructuredOutput",
  ])("as %j", (name) => expect(scoresIn({ scores: A9 }, name)).toEqual(A9));

  it.each([
    "new_answer",
    "newAnswer",
    "functions.new_answer",
    "default_api:new_answer",
    "new-answer",
    "new_answer<|channel|>commentary",
    "submit_answer",
  ])("as %j", (name) => {
    const call = readCall({ name, arguments: '{"content":"Ten."}' }, labels);
    expect(call).toMatchObject({ tool: "new_answer", content: "Ten." });
  });

  it.each(["search", "web_search", "terminal", "upload"])("not as %j", (name) => {
    expect(readCall({ name, arguments: JSON.stringify({ scores: A9 }) }, labels)).toBeUndefined();
  });
});

describe("an answer is read", () => {
  it.each([
    ["content", { content: "Ten." }],
    ["answer", { answer: "Ten." }],
    ["text", { text: "Ten." }],
    ["new_answer", { new_answer: "Ten." }],
    ["response", { response: "Ten." }],
    ["arguments", { arguments: { content: "Ten." } }],
    ["JSON text", { content: '{"content": "Ten."}' }],
    ["parts", { content: [{ type: "text", text: "Ten." }] }],
    ["a thought's company", { content: "<think>Nine?</think>Ten.<|im_end|>" }],
  ])("in %s", (_, args) => {
    const call = readCall({ name: "new_answer", arguments: JSON.stringify(args) }, labels);
    expect(call).toMatchObject({ tool: "new_answer", content: "Ten." });
  });
});
