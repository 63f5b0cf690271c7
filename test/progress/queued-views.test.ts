import { expect, test } from "vitest";
import { renderStatus as renderOnDiscord } from "../../adapters/discord/render/render-status.ts";
import { renderStatus as renderOnSlack } from "../../adapters/slack/render/render-status.ts";
import { createLook } from "../../adapters/terminal/render/look.ts";
import { renderBoard } from "../../adapters/terminal/render/render-board.ts";
import { AgentId } from "../../src/ids.ts";
import type { AgentLine } from "../../src/progress/agent-line.ts";
import { sampleStatus } from "../support/sample-views.ts";

const line = (agent: string, note: string): AgentLine => ({
  agent: AgentId.parse(agent.toLowerCase()),
  name: agent,
  label: null,
  status: "queued",
  revision: 0,
  elapsedMs: 72_000,
  tokens: 0,
  note,
});

const view = sampleStatus({
  elapsedMs: 72_000,
  agents: [line("Opus", "for a free call slot"), line("GPT", "for the rate limit, 40s left")],
});

test("Slack shows which agents are queued, and for what", () => {
  const [, opus, gpt] = renderOnSlack(view).text.split("\n");
  expect(opus).toBe("• Opus is queued for a free call slot");
  expect(gpt).toBe("• GPT is queued for the rate limit, 40s left");
});

test("Discord shows which agents are queued, and for what", () => {
  const [, opus, gpt] = renderOnDiscord(view).content.split("\n");
  expect(opus).toBe("- **Opus** is queued for a free call slot");
  expect(gpt).toBe("- **GPT** is queued for the rate limit, 40s left");
});

test("the terminal shows which agents are queued, for how long and for what", () => {
  const look = { ...createLook(80, false), agentColour: () => "cyan" as const };
  const [, opus, gpt] = renderBoard(view, look, {
    sinceMs: 1_000,
    frame: 0,
    texts: new Map(),
    rows: 10,
  });
  expect(opus).toBe("  ◌ Opus is queued for a free call slot 1m13s");
  expect(gpt).toBe("  ◌ GPT  is queued for the rate limit, 40s left 1m13s");
});
