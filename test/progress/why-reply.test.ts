import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { ConversationId } from "../../src/ids.ts";
import { noTurnSummary, turnSummary } from "../../src/progress/turn-summary.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { failedStory, storyStart, turnStory } from "../support/turn-story.ts";

const conversation = ConversationId.parse("terminal::local:one");

test("why explains the rule, the end, the answers, the votes and the other texts", () => {
  expect(whyReply(fold(turnStory()))).toEqual({
    title: "Why this answer",
    visibleTo: "asker",
    ok: true,
    blocks: [
      {
        type: "text",
        markdown: `Team council chose Gemini's answer (revision 2) over 1 other answer.
- Decided by: the reviewers' scores
- Ended: all agents finished
- GPT could not answer: 429 slow down.
- 15s, 13360 tokens, $0.074`,
      },
      {
        type: "table",
        columns: ["", "Agent", "Revisions", "Tally", "Tokens in", "cached", "out", "Cost", ""],
        rows: [
          ["C", "Opus", "1", "−2.5", "6.1k", "3k", "520", "$0.053", ""],
          ["A", "Gemini", "2", "+2.5", "6k", "3k", "740", "$0.021", "presented"],
          ["", "GPT", "0", "–", "0", "0", "0", "$0", "failed"],
        ],
      },
      {
        type: "table",
        columns: ["Vote of", "A (gemini.2)", "C (opus.1)"],
        rows: [
          ["Opus", "9", "3"],
          ["Gemini", "8", "4"],
        ],
      },
      {
        type: "text",
        markdown: `- **Opus**: Ordered reads decide it.
- **Gemini**: Only a B-tree ranges.
- **Gemini objects** to C: “fastest” is wrong for ranges`,
      },
      {
        type: "text",
        markdown: "**Answer C · Opus** (revision 1)\n\nA hash index is fastest.",
        answer: { label: "C", name: "Opus" },
      },
    ],
  });
});

test("while the turn is open, all current answers are shown", () => {
  const reply = whyReply(fold(turnStory().slice(0, 8)));
  expect(reply.title).toBe("The turn so far");
  expect(reply.blocks.slice(-2)).toEqual([
    {
      type: "text",
      markdown: "**Answer C · Opus** (revision 1)\n\nA hash index is fastest.",
      answer: { label: "C", name: "Opus" },
    },
    {
      type: "text",
      markdown: "**Answer A · Gemini** (revision 1)\n\nTake a B-tree.",
      answer: { label: "A", name: "Gemini" },
    },
  ]);
});

test("a routed turn says why, and people's choices are counted", () => {
  const events = [
    ...turnStory({ policy: { mode: "auto" } }).slice(0, 1),
    ...TurnEvent.array().parse([
      { type: "turn_routed", at: 0, mode: "team", reason: "a design question", usage: null },
    ]),
    ...turnStory().slice(1, 16),
    ...TurnEvent.array().parse([
      { type: "preference_given", at: 15_000, person: "ada", revision: "gemini.2" },
    ]),
  ];
  const { blocks } = whyReply(fold(events));
  expect(JSON.stringify(blocks)).toContain("Routed to team: a design question");
  expect(JSON.stringify(blocks)).toContain('["people prefer","1","0"]');
});

test("a failed turn has no answer to explain", () => {
  const [summary, table, ...rest] = whyReply(fold(failedStory())).blocks;
  expect(JSON.stringify(summary)).toContain("Team council has no answer to post.");
  expect(JSON.stringify(summary)).toContain("Opus could not answer: 401 invalid key.");
  expect(JSON.stringify(table)).toContain("failed");
  expect(rest).toEqual([]);
});

test("the summary has the keys that scripts rely on", () => {
  const summary = turnSummary(fold(turnStory()), { conversation, simulated: ["Opus"] });
  expect(summary).toMatchObject({
    type: "turn_summary",
    conversation,
    turn: "turn-1",
    team: "council",
    outcome: "answered",
    presenter: "gemini",
    closed_by: "settled",
    decided_by: "tally",
    limits_hit: [],
    elapsed_ms: 15_000,
    usage: { input_tokens: 12_100, output_tokens: 1260, cost_usd: expect.closeTo(0.074) },
    failures: [{ agent: "gpt", failure: "rate_limit", message: "429 slow down" }],
    notes: ["Simulated: Opus.", "GPT could not answer: 429 slow down."],
  });
  expect(summary.answers.map(({ revision, number }) => `${revision}/${number}`)).toEqual([
    "opus.1/1",
    "gemini.1/1",
    "gemini.2/2",
  ]);
  expect(summary.votes.map(({ reviewer, scores }) => [reviewer, scores])).toEqual([
    ["gemini", { "opus.1": 4 }],
    ["opus", { "gemini.1": 8, "opus.1": 5 }],
    ["gemini", { "gemini.2": 8, "opus.1": 4 }],
    ["opus", { "gemini.2": 9, "opus.1": 3 }],
  ]);
});

test("an unknown price stays unknown in the summary", () => {
  const events = turnStory().map((event) =>
    event.type === "answer_given" ? { ...event, usage: { ...event.usage, costUsd: null } } : event,
  );
  expect(turnSummary(fold(events), { conversation }).usage.cost_usd).toBeNull();
});

test("no answer, no turn: the same keys, empty", () => {
  const failed = turnSummary(fold(failedStory()), { conversation });
  expect(failed).toMatchObject({ presenter: null, answer: null, answers: [], outcome: "failed" });
  const none = noTurnSummary(conversation, ["There is no team."]);
  expect(Object.keys(none)).toEqual(Object.keys(failed));
  expect(turnSummary(fold(storyStart()), { conversation }).closed_by).toBeNull();
});
