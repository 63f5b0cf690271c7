import { expect, test } from "vitest";
import { renderStatus } from "../../../adapters/slack/render/render-status.ts";
import { fold } from "../../../src/coordination/advance.ts";
import { AgentId } from "../../../src/ids.ts";
import { type StatusView, statusView } from "../../../src/progress/status-view.ts";
import { failedStory, turnStory } from "../../support/turn-story.ts";
import { problemsOfBlocks } from "../../servers/slack/blocks/validate.ts";
import { looksOf } from "./looks-of.ts";

const story = (events: number) => fold(turnStory().slice(0, events));
const view = (events: number, more: Partial<StatusView> = {}): StatusView => ({
  ...statusView(story(events), { now: 42_000 }),
  ...more,
});

test("while a turn runs, each agent has a line with what it does and for how long", () => {
  expect(looksOf(renderStatus(view(8)))).toMatchInlineSnapshot(`
    "*council* is answering · 42s
    • Opus has answered
    • Gemini has answered
    • GPT is out: the provider's rate limit is reached
    [Answer now] [Stop] [Details]"
  `);
});

test("an ended turn keeps a short summary without buttons", () => {
  expect(looksOf(renderStatus(statusView(fold(turnStory()))))).toMatchInlineSnapshot(`
    "✅ *council* answered in 15s
    [Details]"
  `);
});

test("a failed turn says why for each agent; the note about it has the buttons", () => {
  expect(looksOf(renderStatus(statusView(fold(failedStory()))))).toMatchInlineSnapshot(
    `"⚠️ *council* has no answer"`,
  );
});

test("a queued message has buttons to add it to the turn or to restart with it", () => {
  const waiting = [1, 2, 3, 4].map((number) => ({
    id: `17.${number}`,
    author: "Bo",
    excerpt: `and ${number}?`,
  }));
  expect(looksOf(renderStatus(view(8, { waiting, queued: 4 })))).toMatchInlineSnapshot(`
    "*council* is answering · 42s
    • Opus has answered
    • Gemini has answered
    • GPT is out: the provider's rate limit is reached
    ⏸️ 4 messages waiting
    {Add to this turn: Bo: and 1?, Bo: and 2?, Bo: and 3?, Bo: and 4?} {Start over with it: Bo: and 1?, Bo: and 2?, Bo: and 3?, Bo: and 4?}
    [Answer now] [Stop] [Details]"
  `);
});

test("a single agent's answer is streamed, with its open code block closed", () => {
  const preview = `lost${"x".repeat(3_000)}\nHere:\n\`\`\`js\nconst a = 1;`;
  const { blocks } = renderStatus({ ...view(2, { preview }), isSolo: true });
  expect(blocks?.[1]).toEqual({
    type: "markdown",
    text: "Here:\n```js\nconst a = 1;\n```",
  });
});

test("with any names and notes, the message is valid and notifies nobody", () => {
  const agent = view(8).agents[0];
  const agents = Array.from({ length: 40 }, (_, index) => ({
    ...agent,
    agent: AgentId.parse(`a${index}`),
    name: `<!channel> & ${"long ".repeat(40)}`,
    label: "A",
    status: "failed" as const,
    revision: 1,
    elapsedMs: 0,
    tokens: 0,
    note: `@here <@U012AB3CD> ${"x".repeat(500)}`,
  }));
  const waiting = [{ id: "1.1", author: "@channel", excerpt: "<!here>" }];
  const rendered = renderStatus(view(8, { agents, waiting, note: "n".repeat(5_000) }));
  expect(problemsOfBlocks(rendered.blocks ?? [])).toEqual([]);
  expect(rendered.text.length).toBeLessThanOrEqual(3_900);
  expect(JSON.stringify(rendered)).not.toMatch(/<[!@]|@(channel|here)/);
});
