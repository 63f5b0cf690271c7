import { formatFailure } from "../../src/progress/failure-words.ts";
import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { formatNoAnswer } from "../../src/progress/failure-words.ts";
import { finalView, formatFooter } from "../../src/progress/final-view.ts";
import type { FinalExtra } from "../../src/progress/final-view.ts";
import { statusView } from "../../src/progress/status-view.ts";
import { failedStory, storyStart, turnStory } from "../support/turn-story.ts";

const stateAfter = (events: number) => fold(turnStory().slice(0, events));

const withEvents = (events: readonly TurnEvent[], ...more: readonly unknown[]) =>
  fold([...events, ...TurnEvent.array().parse(more)]);

/** The notes of the story's answer, its closing changed. */
const notesWhen = (closing: Record<string, unknown>, extra: FinalExtra = {}) => {
  const events = turnStory().map((event) =>
    event.type === "turn_closed" ? { ...event, ...closing } : event,
  );
  return finalView(fold(TurnEvent.array().parse(events)), extra)?.footer.notes;
};

test("each agent's status follows what it does", () => {
  const statuses = (events: number) =>
    statusView(stateAfter(events)).agents.map((agent) => agent.status);
  expect(statuses(1)).toEqual(["waiting", "waiting", "waiting"]);
  expect(statuses(5)).toEqual(["answering", "answering", "retrying"]);
  expect(statuses(8)).toEqual(["answered", "answered", "failed"]);
  expect(statuses(11)).toEqual(["reviewing", "answered", "failed"]);
  expect(statuses(12)).toEqual(["voted", "answered", "failed"]);
});

test("the phase and the round follow the turn", () => {
  const phases = [1, 8, 9, 13, 17, 18].map((events) => {
    const { phase, round } = statusView(stateAfter(events));
    return `${phase} ${round}`;
  });
  expect(phases).toEqual([
    "answering 0",
    "answering 0",
    "reviewing 1",
    "reviewing 2",
    "presenting 2",
    "answered 2",
  ]);
});

test("an agent has a label and a revision only once it has an answer", () => {
  const [before] = statusView(stateAfter(5)).agents;
  const [after] = statusView(stateAfter(6)).agents;
  expect(before).toMatchObject({ label: null, revision: 0, tokens: 0 });
  expect(after).toMatchObject({ label: "C", revision: 1, tokens: 1500 });
});

test("the view is of now, not of the last event", () => {
  const view = statusView(stateAfter(5), { now: 9000, preview: "A hash" });
  expect(view).toMatchObject({ elapsedMs: 9000, preview: "A hash", queued: 0 });
  expect(view.agents[2]).toMatchObject({ status: "retrying", elapsedMs: 7500 });
});

test("the tally appears with the first score, best first", () => {
  expect(statusView(stateAfter(10)).tally).toEqual([]);
  expect(statusView(stateAfter(13)).tally).toMatchObject([
    { agent: "gemini", label: "A", name: "Gemini", text: "+1.5", leads: true },
    { agent: "opus", label: "C", name: "Opus", text: "−0.8", leads: false },
  ]);
});

test("a turn that is to be routed says so", () => {
  expect(statusView(fold(storyStart({ policy: { mode: "auto" } }).slice(0, 1))).phase).toBe(
    "routing",
  );
});

test("a router that waits for room is queued, not routing, until it is asked", () => {
  const [started] = storyStart({ policy: { mode: "auto" } });
  const asked = fold(TurnEvent.array().parse([started]));
  const queued = withEvents(storyStart({ policy: { mode: "auto" } }).slice(0, 1), {
    type: "routing_queued",
    at: 10,
    cause: "room",
  });
  expect(statusView(asked).phase).toBe("routing");
  expect(statusView(queued)).toMatchObject({
    phase: "queued",
    note: "the router waits for a free call slot or the end of a rate limit",
  });
  const sent = withEvents(
    storyStart({ policy: { mode: "auto" } }).slice(0, 1),
    {
      type: "routing_queued",
      at: 10,
      cause: "room",
    },
    { type: "routing_sent", at: 20 },
  );
  expect(statusView(sent)).toMatchObject({ phase: "routing", note: "" });
});

test("a steered turn says how many agents answered with the message in view", () => {
  const message = { id: "m2", author: "Ada", text: "for ranges" };
  const state = withEvents(storyStart(), { type: "message_steered", at: 10, message });
  expect(statusView(state).note).toBe("1 added message: 0 of 3 agents answered with it in view");
});

test("seats that stay empty are on the board", () => {
  const [started, ...rest] = turnStory().slice(0, 5);
  const absent = ["Grok is left out: it is not set up here"];
  const state = fold(TurnEvent.array().parse([{ ...started, absent }, ...rest]));
  expect(statusView(state).note).toBe("Grok is left out: it is not set up here");
});

test("a stopped turn says by whom", () => {
  const state = withEvents(storyStart(), {
    type: "turn_stopped",
    at: 10,
    by: "Ada",
    reason: "stop",
  });
  expect(statusView(state).note).toBe("stopped by Ada");
});

test("a status holds no character that a terminal or an editor obeys", () => {
  const state = withEvents(storyStart(), {
    type: "turn_stopped",
    at: 10,
    by: "\u001b[2JAda\u202E\u009b1m\nMallory",
    reason: "stop",
  });
  expect(statusView(state).note).toBe("stopped by Ada Mallory");
  const failure = { failure: "network", message: "no\u0007 \u2066way\u001b[31m" } as const;
  expect(formatFailure(failure)).toBe("no way");
});

test("the final view has the presenter's text, and what it took", () => {
  const view = finalView(fold(turnStory()));
  expect(view).toMatchObject({ presenter: "gemini", split: null });
  expect(view?.text).toMatch(/^Use a \*\*B-tree\*\*/);
  expect(view && formatFooter(view.footer)).toBe("Both agents agree · 15s · $0.074");
});

test("without an answer there is no final view, but a reason", () => {
  const state = fold(failedStory());
  expect(finalView(state)).toBeNull();
  expect(formatNoAnswer(state)).toMatch(/^No agent could answer: Opus \(401 invalid key\), Gemini/);
});

test("a split vote shows the runner-up, by name", () => {
  const events = turnStory().map((event) =>
    event.type === "vote_cast" && event.at === 14_000
      ? { ...event, ballot: { ...event.ballot, scores: { "gemini.2": 5, "opus.1": 9 } } }
      : event,
  );
  expect(finalView(fold(events))?.split).toEqual({
    name: "Opus",
    text: "A hash index is fastest.",
    difference: "A hash index is fastest.",
  });
});

const DROPPED = "GPT could not answer: 429 slow down.";

test.each([
  [{ decidedBy: "tally" }, []],
  [{ decidedBy: "longest_standing" }, ["A tie: the oldest answer is shown."]],
  [{ decidedBy: "people" }, ["A tie, decided by people's votes."]],
  // Another agent gave one, which was the same.
  [{ decidedBy: "only_answer" }, []],
  [
    { decidedBy: "partial_scores" },
    ["Not elected: too few reviewers scored it; the highest score so far is shown."],
  ],
  [
    { decidedBy: "nothing_scored" },
    ["Not elected: nobody scored an answer; the oldest one is shown."],
  ],
  [{ closedBy: "limit", limit: "turn_timeout" }, ["Limit reached: 300 s for the turn."]],
  [{ closedBy: "limit", limit: "rounds" }, ["Limit reached: 3 review rounds."]],
])("the footer says what %j means", (closing, notes) => {
  expect(notesWhen(closing)).toEqual([...notes, DROPPED]);
});

test("the footer says what was simulated, left out, and came too late", () => {
  const omitted = ["12 older messages were left out."];
  expect(notesWhen({ unseen: ["m2"] }, { simulated: ["Opus"], omitted })).toEqual([
    "Simulated: Opus.",
    "12 older messages were left out.",
    "1 message came too late for this answer and will be answered next.",
    DROPPED,
  ]);
  expect(notesWhen({}, { simulated: ["Opus", "Gemini", "GPT"] })?.[0]).toBe(
    "Simulated: no model was asked.",
  );
});
