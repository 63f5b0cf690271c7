import { expect, test } from "vitest";
import { finish } from "../../../src/slices.ts";
import { readPress } from "../../../adapters/slack/interactions/read-interaction.ts";
import { Interaction } from "../../../adapters/slack/wire/interaction.ts";
import { detailsModal, whyModal } from "../../../adapters/slack/views/turn-modals.ts";
import { retryModal, switchModal } from "../../../adapters/slack/views/settings-modals.ts";
import { markdownSections } from "../../../adapters/slack/render/sections.ts";
import { type Modal, readSubject } from "../../../adapters/slack/views/modal.ts";
import { conversationOf } from "../../../adapters/slack/place.ts";
import { fold } from "../../../src/coordination/advance.ts";
import { TurnId } from "../../../src/ids.ts";
import { turnStory } from "../../support/turn-story.ts";
import { problemsOfViewBlocks } from "../../servers/slack/blocks/validate.ts";
import { looksOfBlocks } from "./looks-of.ts";

const thread = conversationOf({ team: "T1", channel: "C1", thread: "17.5" });
const turn = TurnId.parse("turn-1");

/** As it looks; throws where Slack would refuse it. */
function looks({ blocks, title, private_metadata: metadata = "" }: Modal): string {
  expect(problemsOfViewBlocks(blocks)).toEqual([]);
  expect(title.text.length).toBeLessThanOrEqual(24);
  expect(metadata.length).toBeLessThanOrEqual(3_000);
  return `${title.text}\n${looksOfBlocks(blocks)}`;
}

test("Why shows the outcome, all votes with their reasons, each agent's usage, and every answer", async () => {
  expect(looks(await whyModal(fold(turnStory()), thread))).toMatchInlineSnapshot(`
    "Why this answer
    *Gemini's answer was posted. Both agents agree.* It had the highest score.

    • The team stopped because every agent had finished.
    • GPT could not answer: 429 slow down.
    • It took 15s, 13360 tokens, $0.074
    [Show as table]
    \`\`\`
    Answer by        Preferred by  Score
    ───────────────  ────────────  ─────
    Gemini (posted)  Opus, Gemini  +2.5
    Opus             –             −2.5
    \`\`\`
    \`\`\`
    Vote of  Gemini's answer  Opus's answer
    ───────  ───────────────  ─────────────
    Opus     9                3
    Gemini   8                4
    \`\`\`
    • *Gemini* at 11s: 4 for Opus's answer – A hash cannot range. _Objects_ to Opus's answer: “fastest” is wrong for ranges
    • *Opus* at 12s: 5 for Opus's answer, 8 for Gemini's answer (version 1) – Ranges matter here.
    • *Gemini* at 14s: 4 for Opus's answer, 8 for Gemini's answer (version 2) – Only a B-tree ranges. _Objects_ to Opus's answer: “fastest” is wrong for ranges
    • *Opus* at 15s: 3 for Opus's answer, 9 for Gemini's answer (version 2) – Ordered reads decide it.
    *Opus's answer*

    A hash index is fastest.
    *Gemini's answer* (replaced since)

    Take a B-tree.
    *Gemini's answer* (version 2, posted)

    Use a *B-tree*: reads stay ordered.

    • one seek per lookup
    • ranges are cheap
    \`\`\`
    Agent      Tokens read  from cache  written  Cost
    ─────────  ───────────  ──────────  ───────  ──────
    Opus       6.1k         3k          520      $0.053
    Gemini     6k           3k          740      $0.021
    GPT (out)  0            0           0        $0
    \`\`\`"
  `);
});

test("Details lists the current answers of a running turn, each with a button to vote", async () => {
  const state = fold(turnStory().slice(0, 8));
  const options = { notice: "☑️ **Your vote is for A**" };
  expect(looks(await detailsModal(state, thread, options))).toMatchInlineSnapshot(`
    "The answers so far
    ☑️ *Your vote is for A*
    *C · Opus*
    [Prefer this]
    revision 1
    A hash index is fastest.
    *A · Gemini*
    [Prefer this]
    revision 1
    Take a B-tree."
  `);
});

test("Details says when there is no answer yet, and shows the reasons after the end of the turn", async () => {
  expect(looks(await detailsModal(fold(turnStory().slice(0, 2)), thread))).toContain(
    "No agent has answered yet.",
  );
  expect(looks(await detailsModal(fold(turnStory()), thread))).toContain("Why this answer");
});

test("an answer of any length is shown in full, page by page", async () => {
  const numbers = Array.from({ length: 400 }, (_, index) => index);
  const answer = numbers.map((number) => `Paragraph ${number}. ${"w".repeat(800)}`).join("\n\n");
  const state = fold(turnStory({ answer }));
  const pages = await Promise.all([0, 1, 2, 3].map((page) => whyModal(state, thread, { page })));
  const texts = pages.map(looks);
  expect(texts[0]).toMatch(/Page 1 of [2-9]\n\[Next page\]$/);
  expect(texts.at(-1)).toMatch(/\[Back\]$/);
  const all = texts.join("\n");
  expect(numbers.filter((number) => !all.includes(`Paragraph ${number}.`))).toEqual([]);
  for (const page of pages) {
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(250_000);
  }
});

test("the subject of a modal comes back with its clicks, and is validated", () => {
  const { private_metadata: metadata = "" } = retryModal(thread, turn, []);
  expect(readSubject(metadata)).toEqual({ kind: "retry", conversation: thread, turn });
  expect(readSubject("{")).toBeUndefined();
  expect(readSubject('{"kind":"why","conversation":"x"}')).toBeUndefined();
});

test("teams are chosen from a list, however many there are and whatever their names", () => {
  const teams = Array.from({ length: 150 }, (_, index) => ({
    name: `team-${index}`,
    title: `Team ${index} ${"long ".repeat(40)}`,
  }));
  expect(looks(retryModal(thread, turn, teams))).toContain("the same question");
  expect(looks(switchModal(thread, teams))).toContain("Channel");
});

test("code of any length stays code in every section", () => {
  const code = Array.from({ length: 500 }, (_, line) => `line ${line} <a & b>`).join("\n");
  const sections = finish(markdownSections(`Look:\n\n\`\`\`ts\n${code}\n\`\`\``));
  expect(problemsOfViewBlocks(sections)).toEqual([]);
  const texts = sections.map((block) => ("text" in block ? JSON.stringify(block.text) : ""));
  for (const text of texts.slice(1)) expect(text).toMatch(/"```\\n.*\\n```"/);
});

test("a click without the thread of its message finds the thread by where the message was posted", () => {
  const click = Interaction.parse({
    user: { id: "U1" },
    channel: { id: "C1" },
    message: { ts: "2.2" },
    actions: [{ action_id: "parley_stop", value: "turn-1" }],
  });
  const thread = conversationOf({ team: "T1", channel: "C1", thread: "1.1" });
  const posted = ({ ts }: { ts: string }) => (ts === "2.2" ? thread : undefined);
  const workspace = {
    team: "T1",
    enterprise: undefined,
    token: "xoxb-1",
    botUser: "UB",
    botId: undefined,
  };
  expect(readPress(click, workspace, posted)).toMatchObject({
    action: "stop",
    conversation: thread,
  });
});
