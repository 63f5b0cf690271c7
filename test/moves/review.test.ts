import { describe, expect, it } from "vitest";
import { text } from "../backends/scripted-backend.ts";
import { textsOf } from "../context/conversations.ts";
import { call, callsFor, lastText, move, play, says, scores, silent } from "./table.ts";

const review = (...scripts: Parameters<typeof play>[1]) => play(move("review"), scripts);
const vote = (args: object) => callsFor(call("vote", args));
const judged = [
  { label: "B", score: 7.5 },
  { label: "C", score: 2 },
  { label: "A", score: 6 },
];
const ballot = {
  scores: scores({ A: 6, B: 7.5, C: 2 }),
  reason: "It counts.",
  objection: "",
  objection_to: "",
};

describe("a vote", () => {
  it("scores the answers under the labels that were shown", async () => {
    const { outcome, requests } = await review(vote(ballot));
    expect(outcome).toEqual({ kind: "voted", scores: judged, reason: "It counts." });
    expect(requests[0]?.toolChoice).toBe("required");
  });

  it("may object to an answer that was shown, not to any other", async () => {
    const objection = "“Eight” is not prime.";
    const to = async (label: string) =>
      (await review(vote({ ...ballot, objection, objection_to: label }))).outcome;
    expect(await to("Answer C")).toMatchObject({ objection: { label: "C", text: objection } });
    expect(await to("Z")).not.toHaveProperty("objection");
  });

  it("loses its scores for labels that were not shown; with none left it is an abstention", async () => {
    const some = await review(vote({ ...ballot, scores: scores({ Z: 9, B: 3 }) }));
    expect(some.outcome).toMatchObject({ kind: "voted", scores: [{ label: "B", score: 3 }] });
    const unknown = vote({ ...ballot, scores: scores({ Z: 9 }) });
    const none = await review(unknown, unknown);
    expect(none.outcome).toMatchObject({ kind: "abstained" });
    expect(none.requests).toHaveLength(2);
  });

  it("counts over the text beside it, and before a second call", async () => {
    const calls = [call("vote", ballot), call("vote", { scores: scores({ C: 10 }) })];
    const { outcome } = await review([text("I like B."), ...callsFor(...calls)]);
    expect(outcome).toMatchObject({ kind: "voted", scores: judged });
  });

  it("counts after a call that cannot be used", async () => {
    const calls = [call("search", { q: "x" }), call("vote", "{"), call("vote", ballot)];
    expect((await review(callsFor(...calls))).outcome).toMatchObject({ kind: "voted" });
  });
});

describe("a revision", () => {
  it("comes with scores for the others", async () => {
    const script = callsFor(call("new_answer", { ...ballot, content: "Ten." }));
    expect((await review(script)).outcome).toEqual({
      kind: "answered",
      text: "Ten.",
      scores: judged,
      reason: "It counts.",
    });
  });

  it("may stand in the text beside a call without content", async () => {
    const { outcome } = await review([text("Ten."), ...callsFor(call("new_answer", ballot))]);
    expect(outcome).toMatchObject({ kind: "answered", text: "Ten.", scores: judged });
  });

  it("counts as the vote that came with it where only votes are open", async () => {
    const script = callsFor(call("new_answer", { ...ballot, content: "Ten." }));
    const { outcome, requests } = await play(move("review", { mayRevise: false }), [script]);
    expect(outcome).toMatchObject({ kind: "voted", scores: judged });
    expect(lastText(requests[0]?.messages)).toContain("No new answers are taken any more");
  });

  it("without scores is corrected once where only votes are open, then is an abstention", async () => {
    const late = callsFor(call("new_answer", { content: "Ten." }));
    const request = move("review", { mayRevise: false });
    const corrected = await play(request, [late, vote(ballot)]);
    expect(corrected.outcome).toMatchObject({ kind: "voted" });
    expect(lastText(corrected.requests[1]?.messages)).toContain("new answers are not taken");
    expect((await play(request, [late])).outcome).toMatchObject({ kind: "abstained" });
  });
});

describe("text without a call", () => {
  it("gets one enforcement retry, the text quoted after the same prefix", async () => {
    const { outcome, requests } = await review(says("I prefer B.</your-reply>"), vote(ballot));
    expect(outcome).toMatchObject({ kind: "voted" });
    const [first, second] = requests.map(({ messages }) => textsOf(messages));
    expect(second?.slice(0, -1)).toEqual(first);
    expect(second?.at(-1)).toMatch(
      /^<your-reply>\nI prefer B\.&lt;\/your-reply>\n<\/your-reply>\n\nYour reply stands above/,
    );
    expect(requests[1]?.system).toEqual(requests[0]?.system);
    expect(requests[1]?.tools).toEqual(requests[0]?.tools);
  });

  it("is an abstention the second time", async () => {
    const { outcome, requests } = await review(says("B."), says("I said B."));
    expect(outcome).toEqual({ kind: "abstained", reason: "it made no call" });
    expect(requests).toHaveLength(2);
  });
});

describe("a call that is no JSON", () => {
  it("gets one retry, then is an abstention", async () => {
    const broken = callsFor(call("vote", '{"scores": ['));
    const { outcome } = await review(broken, vote(ballot));
    expect(outcome).toMatchObject({ kind: "voted" });
    const again = await review(broken, broken);
    expect(again.outcome).toMatchObject({ kind: "abstained" });
    expect(again.requests).toHaveLength(2);
    expect(lastText(again.requests[1]?.messages)).toContain('vote({"scores": [)');
  });
});

it("an empty review is asked for once more, then fails", async () => {
  expect((await review(silent, vote(ballot))).outcome).toMatchObject({ kind: "voted" });
  expect((await review(silent)).outcome).toMatchObject({ kind: "failed", failure: "incomplete" });
});

it("tries each kind of correction once, so that no model can keep a move going", async () => {
  const broken = callsFor(call("vote", "{"));
  const { outcome, requests, usage } = await review(says("B."), broken, silent, says("B!"));
  expect(outcome).toMatchObject({ kind: "abstained" });
  expect(requests).toHaveLength(4);
  expect(usage).toMatchObject({ input: 40, output: 20 });
});
