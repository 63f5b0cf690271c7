import { describe, expect, it } from "vitest";
import { BackendError } from "../../src/backends/backend.ts";
import { text } from "../backends/scripted-backend.ts";
import { call, callsFor, lastText, move, play, says, silent } from "./table.ts";

const answer = (...scripts: Parameters<typeof play>[1]) => play(move("answer"), scripts);
const answered = (words: string) => ({ kind: "answered", text: words, scores: [], reason: "" });

describe("an answer is", () => {
  it("any text, as it was written", async () => {
    const markdown = "**Seven**, since $\\frac{14}{2} = 7$.\n\n```ts\nconst a = 1;\n```";
    expect((await answer(says(`\n${markdown}\n `))).outcome).toEqual(answered(markdown));
  });

  it("the content of new_answer", async () => {
    const script = callsFor(call("new_answer", { content: "Seven.", scores: [], reason: "" }));
    expect((await answer(script)).outcome).toEqual(answered("Seven."));
  });

  it("the call's, where there are both", async () => {
    const script = [text("Let me see."), ...callsFor(call("new_answer", { content: "Seven." }))];
    expect((await answer(script)).outcome).toEqual(answered("Seven."));
  });

  it("the text, where the call has no content, cannot be read or is a vote", async () => {
    for (const useless of [call("new_answer", {}), call("new_answer", "{"), call("vote", {})]) {
      const { outcome, requests } = await answer([text("Seven."), ...callsFor(useless)]);
      expect(outcome).toEqual(answered("Seven."));
      expect(requests).toHaveLength(1);
    }
  });

  it("the first of two valid calls", async () => {
    const calls = [
      call("new_answer", "{"),
      call("new_answer", { content: "One." }),
      call("new_answer", { content: "Two." }),
    ];
    expect((await answer(callsFor(...calls))).outcome).toEqual(answered("One."));
  });
});

describe("a reply without an answer", () => {
  it("is corrected once when it only votes, then the agent fails for want of a call", async () => {
    const vote = callsFor(call("vote", { scores: [{ answer: "A", score: 9 }] }));
    const { requests } = await answer(vote, says("Seven."));
    expect(lastText(requests[1]?.messages)).toContain("there is no answer in it");
    const { outcome, requests: all } = await answer(vote, vote);
    expect(outcome).toMatchObject({ kind: "failed", failure: "no_call" });
    expect(all).toHaveLength(2);
  });

  it("is asked for once more when it was empty, then the agent fails", async () => {
    expect((await answer(silent, says("Seven."))).outcome).toEqual(answered("Seven."));
    const { outcome, requests } = await answer(silent, silent);
    expect(outcome).toMatchObject({ kind: "failed", failure: "incomplete" });
    expect(lastText(requests[1]?.messages)).toContain("Your reply was empty");
    expect(requests).toHaveLength(2);
  });

  it("is asked for once more when its call is no JSON", async () => {
    const broken = callsFor(call("new_answer", '{"content": "Sev'));
    expect((await answer(broken, says("Seven."))).outcome).toEqual(answered("Seven."));
    const { outcome, requests } = await answer(broken, broken);
    expect(outcome).toMatchObject({ kind: "failed", failure: "no_call" });
    expect(requests).toHaveLength(2);
  });

  it("fails at once when the model refused", async () => {
    const refusal = { type: "done", finish: "refusal", usage: null } as const;
    const { outcome, requests } = await answer([text("I cannot help with that."), refusal]);
    expect(outcome).toEqual({
      kind: "failed",
      failure: "refused",
      message: "the model declined",
      reason: "declined_by_model",
    });
    expect(requests).toHaveLength(1);
  });

  it("says so when all its output went into thinking", async () => {
    const cut = { type: "done", finish: "length", usage: null } as const;
    expect((await answer([cut], [cut])).outcome).toMatchObject({
      message: "it used up its output before it wrote anything",
    });
  });
});

describe("a backend that fails", () => {
  it.each([
    [59_000, undefined],
    [3_600_000, 1_700_003_600_000],
  ])("that asks to wait %i ms is said until %s", async (retryAfterMs, until) => {
    const error = new BackendError("rate_limit", "slow down", { retryAfterMs, reason: "quota" });
    const clock = { wallClock: () => 1_700_000_000_000 };
    const { result } = await play(move("answer"), [[error]], clock);
    expect(result).toMatchObject({ kind: "failed", reason: "quota" });
    expect("until" in result ? result.until : undefined).toBe(until);
  });

  it("fails the move with its class and words", async () => {
    const { result } = await answer([new BackendError("rate_limit", "slow down")]);
    expect(result).toEqual({
      kind: "failed",
      failure: "rate_limit",
      message: "slow down",
      usage: { input: 0, cached: 0, output: 0, costUsd: 0, firstTokenMs: null },
    });
  });

  it("keeps the usage of the calls that had ended", async () => {
    const { usage } = await answer(silent, [new BackendError("overloaded", "busy")]);
    expect(usage).toMatchObject({ input: 10, output: 5 });
  });

  it("by ending its stream early is incomplete", async () => {
    const { outcome } = await answer([text("Sev")]);
    expect(outcome).toMatchObject({ kind: "failed", failure: "incomplete" });
  });

  it("in an unforeseen way never rejects", async () => {
    const { outcome } = await answer([new TypeError("terminated")]);
    expect(outcome).toMatchObject({ kind: "failed", message: "terminated" });
  });
});
