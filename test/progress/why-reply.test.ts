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
        markdown: `**Gemini's answer was posted. Both agents agree.** It had the highest score.
- The team stopped because every agent had finished.
- GPT could not answer: 429 slow down.
- It took 15s, 13360 tokens, $0.074`,
      },
      {
        type: "table",
        columns: ["Answer by", "Preferred by", "Score"],
        rows: [
          ["Gemini (posted)", "Opus, Gemini", "+2.5"],
          ["Opus", "–", "−2.5"],
        ],
      },
      {
        type: "table",
        columns: ["Vote of", "Gemini's answer", "Opus's answer"],
        rows: [
          ["Opus", "9", "3"],
          ["Gemini", "8", "4"],
        ],
      },
      {
        type: "text",
        markdown: `- **Opus**: Ordered reads decide it.
- **Gemini**: Only a B-tree ranges.
- **Gemini objects** to Opus's answer: “fastest” is wrong for ranges`,
      },
      {
        type: "text",
        markdown: "**Opus's answer**\n\nA hash index is fastest.",
        answer: { label: "C", name: "Opus" },
      },
      {
        type: "table",
        columns: ["Agent", "Tokens read", "from cache", "written", "Cost"],
        rows: [
          ["Opus", "6.1k", "3k", "520", "$0.053"],
          ["Gemini", "6k", "3k", "740", "$0.021"],
          ["GPT (out)", "0", "0", "0", "$0"],
        ],
      },
    ],
  });
});

test("while the turn is open, all current answers are shown", () => {
  const reply = whyReply(fold(turnStory().slice(0, 8)));
  expect(reply.title).toBe("The turn so far");
  expect(reply.blocks.slice(-3, -1)).toEqual([
    {
      type: "text",
      markdown: "**Opus's answer**\n\nA hash index is fastest.",
      answer: { label: "C", name: "Opus" },
    },
    {
      type: "text",
      markdown: "**Gemini's answer**\n\nTake a B-tree.",
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
  expect(JSON.stringify(blocks)).toContain("The router chose the whole team: a design question");
  expect(JSON.stringify(blocks)).toContain('["People who prefer it","1","0"]');
});

test("a failed turn has no answer to explain", () => {
  const [summary, table, ...rest] = whyReply(fold(failedStory())).blocks;
  expect(JSON.stringify(summary)).toContain("council has no answer to post.");
  expect(JSON.stringify(summary)).toContain("Opus could not answer: 401 invalid key.");
  expect(JSON.stringify(table)).toContain("GPT (out)");
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
