import { expect, test } from "vitest";
import { createAgentColours, createLook } from "../../../adapters/terminal/render/look.ts";
import {
  plainFooter,
  renderFinal,
  type ShownFinal,
} from "../../../adapters/terminal/render/render-final.ts";
import { renderReply } from "../../../adapters/terminal/render/render-reply.ts";
import { AgentId } from "../../../src/ids.ts";

const final: ShownFinal = {
  presenter: AgentId.parse("opus"),
  text: "Take a **B-tree**.",
  split: {
    name: "Gemini",
    label: "B",
    text: Array.from({ length: 9 }, (_, n) => `${n + 1}. reason`).join("\n"),
    objection: "on Opus's answer: “always” is too strong",
  },
  footer: {
    presenter: "Opus",
    team: "council",
    tally: "Opus +1.2 · Gemini +0.9",
    elapsedMs: 65_000,
    costUsd: null,
    tokens: 12_345,
    notes: ["Simulated: no model was asked.", "Limit reached: 3 review rounds."],
  },
};

const lookAt = (columns: number) => ({
  ...createLook(columns, false),
  agentColour: createAgentColours(),
});

test("an answer whose vote was split shows the runner-up and the objection", () => {
  expect(renderFinal(final, lookAt(80)).join("\n")).toBe(
    `● Opus

Take a B-tree.

The vote was split. Close behind: Gemini
│ 1. reason
│ 2. reason
│ 3. reason
│ 4. reason
│ 5. reason
│ 6. reason
│ … /why shows the whole answer
Objection on Opus's answer: “always” is too strong

Opus for council · Opus +1.2 · Gemini +0.9 · 1m05s · 12k tokens · cost unknown
· Simulated: no model was asked.
· Limit reached: 3 review rounds.`,
  );
});

test("an undisputed answer has only its footer, wrapped where the terminal is narrow", () => {
  expect(
    renderFinal({ ...final, split: null }, lookAt(40))
      .slice(2)
      .join("\n"),
  ).toBe(
    `Take a B-tree.

Opus for council · Opus +1.2 · Gemini
+0.9 · 1m05s · 12k tokens · cost unknown
· Simulated: no model was asked.
· Limit reached: 3 review rounds.`,
  );
});

test("in a pipe the footer is plain lines", () => {
  expect(plainFooter({ ...final, split: null })).toEqual([
    "-- Opus for council · Opus +1.2 · Gemini +0.9 · 1m05s · 12k tokens · cost unknown",
    "-- Simulated: no model was asked.",
    "-- Limit reached: 3 review rounds.",
  ]);
});

test("a reply shows text, tables and code, and nothing that controls the terminal", () => {
  const reply = renderReply(
    {
      title: "Team\x1b[2J council",
      blocks: [
        { type: "text", markdown: "Three **agents**." },
        { type: "table", columns: ["Agent", "Model"], rows: [["opus\x07", "claude"]] },
        { type: "code", language: "yaml", text: "mode: team\r\n\x1b]0;x\x07tally: scores" },
      ],
      visibleTo: "asker",
      ok: true,
    },
    lookAt(80),
  );
  expect(reply.join("\n")).toBe(
    `Team council

Three agents.

Agent │ Model
──────┼───────
opus  │ claude

mode: team
tally: scores`,
  );
});
