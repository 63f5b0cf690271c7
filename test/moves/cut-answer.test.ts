import { describe, expect, it } from "vitest";
import { BackendError } from "../../src/backends/backend.ts";
import { text, type Step } from "../backends/scripted-backend.ts";
import { textOf } from "../context/conversations.ts";
import { call, lastText, move, play, says } from "./table.ts";

const limit = { type: "done", finish: "length", usage: null } as const;
const cutAt = (words: string): readonly Step[] => [text(words), limit];
const answer = (...scripts: Parameters<typeof play>[1]) => play(move("answer"), scripts);

describe("an answer that the output limit cut", () => {
  it("is continued once, from the model's own words", async () => {
    const { outcome, requests, streamed } = await answer(
      cutAt("The capital of France is Par"),
      says("is. It lies on the Seine."),
    );
    const whole = "The capital of France is Paris. It lies on the Seine.";
    expect(outcome).toEqual({ kind: "answered", text: whole, scores: [], reason: "" });
    expect(streamed()).toBe(whole);
    expect(requests[1]?.messages.at(-2)?.role).toBe("assistant");
    expect(textOf(requests[1]?.messages.at(-2))).toBe("The capital of France is Par");
    expect(lastText(requests[1]?.messages)).toMatch(/Par\n<\/your-reply[^]*output limit/);
  });

  it("keeps no words twice when the rest repeats the end", async () => {
    const { outcome } = await answer(
      cutAt("One, two, three, four, fi"),
      says("three, four, five, six."),
    );
    expect(outcome).toMatchObject({ text: "One, two, three, four, five, six." });
  });

  it("is told as cut when its rest is cut too", async () => {
    const { outcome, requests } = await answer(cutAt("One, "), cutAt("two, "));
    expect(outcome).toMatchObject({ kind: "answered", text: "One, two,", cut: true });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ["is empty", [{ type: "done", finish: "stop", usage: null }]],
    ["is declined", [text("I cannot."), { type: "done", finish: "refusal", usage: null }]],
  ] satisfies readonly (readonly [string, readonly Step[]])[])(
    "is kept and told as cut when its rest %s",
    async (_, rest) => {
      const { outcome } = await answer(cutAt("One, two"), rest);
      expect(outcome).toMatchObject({ kind: "answered", text: "One, two", cut: true });
    },
  );

  it("is kept when asking for its rest fails", async () => {
    const { outcome } = await answer(cutAt("One, two"), [new BackendError("overloaded", "busy")]);
    expect(outcome).toMatchObject({ kind: "answered", text: "One, two", cut: true });
  });

  it("closes the code block that it was cut in", async () => {
    const { outcome } = await answer(cutAt("```js\nrun();"), cutAt("\nstop();"));
    expect(outcome).toMatchObject({ text: "```js\nrun();\nstop();\n```", cut: true });
  });

  it("is continued when it stood in a call that broke off", async () => {
    const broken: readonly Step[] = [call("new_answer", '{"content":"It is \\"forty-'), limit];
    const { outcome } = await answer(broken, says('two".'));
    expect(outcome).toMatchObject({ kind: "answered", text: 'It is "forty-two".' });
  });

  it("costs what both calls cost", async () => {
    const usage = { input: 1000, cached: 0, cacheWritten: 0, output: 100 };
    const { usage: used } = await answer(
      [text("One, "), { ...limit, usage }],
      [text("two."), { type: "done", finish: "stop", usage }],
    );
    expect(used).toMatchObject({ input: 2000, output: 200 });
  });
});

describe("a ballot that the output limit cut", () => {
  const broken: readonly Step[] = [call("vote", '{"reason":"B is rig'), limit];

  it("is asked for once more, shorter", async () => {
    const vote = call("vote", { scores: { A: 1, B: 9, C: 2 } });
    const done = { type: "done", finish: "tool", usage: null } as const;
    const { outcome, requests } = await play(move("review"), [broken, [vote, done]]);
    expect(outcome).toMatchObject({ kind: "voted" });
    expect(lastText(requests[1]?.messages)).toMatch(/output limit.*shorter/s);
  });

  it("that is cut again is no vote", async () => {
    const { outcome } = await play(move("review"), [broken, broken]);
    expect(outcome).toMatchObject({ kind: "abstained" });
  });
});

it("a reader learns which answers the output limit cut", async () => {
  const review = move("review");
  const shown = review.shown.map((one) => ({ ...one, cut: one.label === "C" }));
  const { requests } = await play({ ...review, shown }, [says("…"), says("…")]);
  const prompt = lastText(requests[0]?.messages);
  expect(prompt).toMatch(/<team-answer[^>]* label="C" cut="by the output limit">/);
  expect(prompt).toMatch(/<team-answer[^>]* label="B">/);
  expect(prompt).toContain("Judge it as it stands");
});
