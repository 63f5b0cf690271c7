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
    text: Array.from({ length: 9 }, (_, n) => `${n + 1}. reason`).join("\n"),
    difference: "A hash index is faster. It takes no ranges.",
  },
  objection: { by: "Gemini", text: "“always” is too strong" },
  footer: {
    presenter: "Opus",
    agreement: "preferred by 2 of 3",
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

Split: Gemini says “A hash index is faster. It takes no ranges.”
Objection by Gemini: “always” is too strong

Opus's answer · preferred by 2 of 3 · 1m05s · 12k tokens · cost unknown
· Simulated: no model was asked.
· Limit reached: 3 review rounds.`,
  );
});

test("an undisputed answer has only its footer, wrapped where the terminal is narrow", () => {
  expect(
    renderFinal({ ...final, split: null, objection: null }, lookAt(40))
      .slice(2)
      .join("\n"),
  ).toBe(
    `Take a B-tree.

Opus's answer · preferred by 2 of 3 ·
1m05s · 12k tokens · cost unknown
· Simulated: no model was asked.
· Limit reached: 3 review rounds.`,
  );
});

test("in a pipe the footer is plain lines", () => {
  expect(plainFooter({ ...final, split: null, objection: null })).toEqual([
    "-- Opus's answer · preferred by 2 of 3 · 1m05s · 12k tokens · cost unknown",
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
