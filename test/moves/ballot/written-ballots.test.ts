import { describe, expect, it } from "vitest";
import { call, callsFor, lastText, move, play, says } from "../table.ts";

const judged = [
  { label: "B", score: 7 },
  { label: "C", score: 5 },
  { label: "A", score: 9 },
];
const review = (...scripts: Parameters<typeof play>[1]) => play(move("review"), scripts);
const json = '{"scores": {"A": 9, "B": 7, "C": 5}, "reason": "Nine is right."}';

describe("a ballot that stands in the text is a vote", () => {
  it.each([
    ["bare JSON", json],
    ["JSON in a code block", `My vote:\n\`\`\`json\n${json}\n\`\`\`\nThanks.`],
    ["JSON with the tool's name", `{"name": "vote", "arguments": ${json}}`],
    ["JSON with OpenAI's shape", `{"tool": "vote", "parameters": ${json}}`],
    [
      "a list of scores",
      '[{"answer":"A","score":9},{"answer":"B","score":7},{"answer":"C","score":5}]',
    ],
    ["lines", "A: 9\nB: 7\nC: 5\n\nReason: Nine is right."],
    [
      "lines with remarks",
      "**Answer A**: 9/10 – right\n**Answer B**: 7/10 – vague\n**Answer C**: 5/10 – wrong",
    ],
    ["a list", "- A: 9\n- B: 7\n- C: 5"],
    ["a numbered list", "1. Answer A: 9\n2. Answer B: 7\n3. Answer C: 5"],
    ["a table", "| Answer | Score |\n|---|---|\n| A | 9 |\n| B | 7 |\n| C | 5 |"],
    [
      "a table with remarks",
      "| Answer | Score | Why |\n|---|---|---|\n| A | 9/10 | right |\n| B | 7/10 | vague |\n| C | 5/10 | no |",
    ],
    [
      "tags",
      '<vote><score answer="A">9</score><score answer="B">7</score><score answer="C">5</score></vote>',
    ],
    [
      "tags with attributes",
      '<answer label="A" score="9"/><answer label="B" score="7"/><answer label="C" score="5"/>',
    ],
    ["tags by letter", "<scores><A>9</A><B>7</B><C>5</C></scores>"],
    ["one line", "Scores: A: 9, B: 7, C: 5."],
  ])("%s", async (_, text) => {
    const { outcome, requests } = await review(says(text));
    expect(outcome).toMatchObject({ kind: "voted", scores: judged });
    expect(requests).toHaveLength(1);
  });

  it("with its reason", async () => {
    expect((await review(says(json))).outcome).toMatchObject({ reason: "Nine is right." });
    const lines = await review(says("A: 9\nB: 7\nC: 5\n**Reason:** Nine is right."));
    expect(lines.outcome).toMatchObject({ reason: "Nine is right." });
  });

  it("or a new answer with its scores", async () => {
    const text = `{"name": "new_answer", "arguments": {"content": "Ten.", "scores": {"A": 9, "B": 7, "C": 5}}}`;
    expect((await review(says(text))).outcome).toMatchObject({
      kind: "answered",
      text: "Ten.",
      scores: judged,
    });
  });

  it.each([
    ["prose with numbers", "Answer B: 3 errors. Answer A is better."],
    ["a score for one answer only", "A: 9, the others are worse."],
    ["two scores for one answer", "A: 9\nA: 8\nB: 7\nC: 5"],
  ])("but not %s", async (_, text) => {
    const { outcome, requests } = await review(says(text), says(text));
    expect(outcome).toMatchObject({ kind: "abstained" });
    expect(requests).toHaveLength(2);
  });
});

describe("a vote that scored nothing", () => {
  const unknown = callsFor(call("vote", { scores: { X: 9, Y: 7 } }));

  it("is asked for once more, with what was wrong", async () => {
    const { outcome, requests } = await review(unknown, callsFor(call("vote", json)));
    expect(outcome).toMatchObject({ kind: "voted", scores: judged });
    const said = lastText(requests[1]?.messages);
    expect(said).toContain('vote({"scores":{"X":9,"Y":7}})');
    expect(said).toMatch(/none of its scores could be read.*labels B, C, A/s);
  });

  it("the second time counts as no vote", async () => {
    const { outcome, requests } = await review(unknown, unknown);
    expect(outcome).toEqual({
      kind: "abstained",
      reason: "it scored none of the answers it was shown",
    });
    expect(requests).toHaveLength(2);
  });

  it("costs both calls", async () => {
    const usage = { input: 100, cached: 0, cacheWritten: 0, output: 10 };
    const done = { type: "done", finish: "tool", usage } as const;
    const bad = [call("vote", { scores: { X: 9 } }), done];
    const { usage: used } = await review(bad, bad);
    expect(used).toMatchObject({ input: 200, output: 20 });
  });
});

describe("an answer that is written as a call", () => {
  const answer = (text: string) => play(move("answer"), [says(text), says(text)]);

  it.each([
    '{"name": "new_answer", "arguments": {"content": "Seven."}}',
    '```json\n{"name": "new_answer", "arguments": {"content": "Seven."}}\n```',
    '{"tool": "new_answer", "parameters": "{\\"content\\": \\"Seven.\\"}"}',
  ])("is the answer in it: %s", async (text) => {
    expect((await answer(text)).outcome).toMatchObject({ kind: "answered", text: "Seven." });
  });

  it.each(['{"content": "Seven."}', '```json\n{"answer": 7}\n```', '{"name": "Ada", "age": 7}'])(
    "stays as it is if it may be what was asked for: %s",
    async (text) => {
      expect((await answer(text)).outcome).toMatchObject({ kind: "answered", text });
    },
  );
});
