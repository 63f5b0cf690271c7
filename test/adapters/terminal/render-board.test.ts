import { expect, test } from "vitest";
import { createAgentColours, createLook } from "../../../adapters/terminal/render/look.ts";
import { renderBoard } from "../../../adapters/terminal/render/render-board.ts";
import { widthOf } from "../../../adapters/terminal/render/lines.ts";
import { fold } from "../../../src/coordination/advance.ts";
import { AgentId } from "../../../src/ids.ts";
import { statusView, type StatusView } from "../../../src/progress/status-view.ts";
import { failedStory, turnStory } from "../../support/turn-story.ts";

const lookAt = (columns: number, colour = false) => ({
  ...createLook(columns, colour),
  agentColour: createAgentColours(),
});

const board = (view: StatusView, columns: number, rows = 20) =>
  renderBoard(view, lookAt(columns), { sinceMs: 0, frame: 0, texts: new Map(), rows });

const after = (events: number) => statusView(fold(turnStory().slice(0, events)));

/** A team of many, each with a long name. */
function crowd(size: number): StatusView {
  const view = after(4);
  const agents = Array.from({ length: size }, (_, n) =>
    view.agents.slice(0, 1).map((agent) => ({
      ...agent,
      agent: AgentId.parse(`agent-${n}`),
      name: `Agent with quite a long name ${n}`,
    })),
  );
  return { ...view, agents: agents.flat() };
}

test("first answers, one agent retrying", () => {
  const waiting = [{ id: "m2", author: "Ada", excerpt: "and then?" }];
  const view = statusView(fold(turnStory().slice(0, 7)), { now: 6500, waiting });
  expect(board(view, 80).join("\n")).toBe(
    `⠋ council is answering · 6s · 1 queued
  ● Opus   has answered
  ● Gemini has answered
  ↻ GPT    tries again in 2s: the provider's rate limit is reached 5s`,
  );
});

test("a review in its second round", () => {
  expect(board(after(13), 80).join("\n")).toBe(
    `⠋ council is comparing the answers · 12s
  ⠋ Opus   is reviewing 0s
  ● Gemini has answered
  ✗ GPT    is out: the provider's rate limit is reached`,
  );
});

test("a turn that failed says so in one line; its answer says who failed why", () => {
  expect(board(statusView(fold(failedStory())), 80).join("\n")).toBe("✗ council has no answer");
});

test.each([20, 40, 80, 200])(
  "nothing is wider than %i columns or higher than it may be",
  (columns) => {
    const lines = board(crowd(12), columns, 6);
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toContain("… 8 more agents".slice(0, columns - 5));
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
  },
);

test("time advances for working agents, and stops when the turn has ended", () => {
  const at = (view: StatusView) =>
    renderBoard(view, lookAt(80), { sinceMs: 4000, frame: 3, texts: new Map(), rows: 9 }).join(
      "\n",
    );
  expect(at(after(4))).toContain("⠸ Opus   is writing 4s");
  expect(at(statusView(fold(turnStory())))).toContain("✔ council answered in 15s");
});

test("an agent keeps its colour", () => {
  const look = lookAt(80, true);
  const rows = renderBoard(after(7), look, { sinceMs: 0, frame: 0, texts: new Map(), rows: 9 });
  expect(rows[1]).toContain("\x1b[36mOpus");
  expect(rows[2]).toContain("\x1b[35mGemini");
  expect(look.agentColour("opus")).toBe("cyan");
});

test("names and notes cannot control the terminal", () => {
  const view = after(7);
  const agents = view.agents.map((agent) => ({
    ...agent,
    name: "\x1b[2JEve\r\n",
    note: "\x07\x9b1A",
  }));
  expect(board({ ...view, agents, note: "a\x1b]52;c;x\x07b" }, 80).join("")).not.toMatch(
    /(?! )\p{Cc}/u,
  );
});
