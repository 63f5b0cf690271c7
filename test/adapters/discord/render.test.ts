import { expect, test } from "vitest";
import { parsePress } from "../../../adapters/discord/render/buttons.ts";
import { cutSmallPrint } from "../../../adapters/discord/render/small-print.ts";
import { FOOTER_ROOM, renderFinal } from "../../../adapters/discord/render/render-final.ts";
import { renderStatus } from "../../../adapters/discord/render/render-status.ts";
import { replyPages } from "../../../adapters/discord/render/reply-pages.ts";
import { AgentId, TurnId } from "../../../src/ids.ts";
import type { AgentLine } from "../../../src/progress/agent-line.ts";
import type { FinalView } from "../../../src/progress/final-view.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { sampleFinal, sampleStatus } from "../../support/sample-views.ts";
import { customIds, labels } from "./components.ts";

const turn = TurnId.parse("01a2080a-2f41-79eb-a3f0-c3bbd0848f87");
const agent = (name: string, line: Partial<AgentLine>): AgentLine => ({
  agent: AgentId.parse(name.toLowerCase()),
  name,
  label: null,
  status: "answering",
  revision: 0,
  elapsedMs: 12_000,
  tokens: 0,
  note: null,
  ...line,
});
const status = (view: Partial<StatusView> = {}): StatusView =>
  sampleStatus({
    phase: "reviewing",
    elapsedMs: 42_000,
    round: 1,
    agents: [
      agent("Opus", { label: "A", status: "voted", revision: 2 }),
      agent("GPT_5", { label: "B", status: "reviewing", revision: 1 }),
      agent("Gemini", { status: "failed", note: "rate limited" }),
    ],
    tokens: 12_000,
    costUsd: 0.031,
    ...view,
  });

test("a status shows what each agent does, in words", () => {
  const { content, components } = renderStatus(status());
  expect(content).toBe(
    [
      "**council** is comparing the answers · 42s",
      "- **Opus** has voted",
      "- **GPT\\_5** is reviewing",
      "- **Gemini** is out: rate limited",
    ].join("\n"),
  );
  expect(labels(components)).toEqual([["Stop", "Details"]]);
});

test("queued messages have buttons of their own", () => {
  const waiting = [{ id: "1457536551830421524", author: "Bob", excerpt: "and the *joins*?" }];
  const { content, components } = renderStatus(status({ queued: 1, waiting }));
  expect(content).toContain("📨 waits: Bob: and the \\*joins\\*?");
  expect(labels(components)[1]).toEqual(["Add now: and the *joins*?", "Start over with it"]);
  expect(customIds(components).every((id) => id.length <= 100)).toBe(true);
  expect(parsePress(customIds(components)[2] ?? "")).toEqual({
    mark: { turn, kind: "status", chunk: 0 },
    action: "steer",
    about: "1457536551830421524",
  });
});

test("the status of an ended turn has no Stop button", () => {
  const { content, components } = renderStatus(
    status({ phase: "stopped", note: "stopped by Ada" }),
  );
  expect(content).toBe("🛑 **council** stopped by Ada · 42s");
  expect(labels(components)).toEqual([["Why", "Retry…"]]);
});

test("streaming text is cut at its start, and open code is closed", () => {
  const preview = `${"early ".repeat(300)}\n\`\`\`js\nlet a`;
  const { content } = renderStatus(status({ preview }));
  expect(content).toMatch(/\n```js\nlet a\n```$/);
  expect(content.length).toBeLessThanOrEqual(2_000);
});

test("a team of fifty still fits into a message", () => {
  const agents = Array.from({ length: 50 }, (_, i) => agent(`a${i}`, { note: "x".repeat(100) }));
  const { content } = renderStatus(status({ agents }));
  expect(content.length).toBeLessThanOrEqual(2_000);
  expect(content).toMatch(/^\*\*council\*\* is answering|^\*\*council\*\* is comparing/);
});

const footer = {
  agreement: "preferred by 2 of 3",
  elapsedMs: 42_000,
  costUsd: 0.031,
  tokens: 12_000,
  notes: ["Gemini dropped out (rate limited)."],
};
const final = (view: Partial<FinalView> = {}): FinalView => sampleFinal({ footer, ...view });
const part = (text: string, chunk = 0, chunks = 1, view = final()) =>
  renderFinal({ kind: "final", view, text, chunk, chunks }, { turn, kind: "final", chunk });

test("an answer stands above its footer and buttons", () => {
  const { content, components } = part("Use a B-tree.");
  expect(content).toBe(
    [
      "Use a B-tree.",
      "-# ◆ Opus's answer · preferred by 2 of 3 · 42s · $0.031",
      "-# Gemini dropped out (rate limited).",
    ].join("\n"),
  );
  expect(labels(components)).toEqual([["Why", "Retry…", "👍", "👎"]]);
});

test("a close vote is shown, with the objection", () => {
  const split = { name: "GPT", text: "A hash.", difference: "A hash." };
  const objection = { by: "GPT", text: "slow" };
  const { content } = part("Use a B-tree.", 0, 1, final({ split, objection }));
  expect(content).toContain("-# ◆ Split: GPT says “A hash.”");
  expect(content).toContain("-# Objection by GPT: slow");
});

test("parts before the last show their number, and have a delivery mark", () => {
  const { content, components } = part("first", 0, 3);
  expect(content).toBe("first");
  expect(labels(components)).toEqual([["1 of 3"]]);
  expect(parsePress(customIds(components)[0] ?? "")?.mark).toEqual({
    turn,
    kind: "final",
    chunk: 0,
  });
});

test("any answer fits with any notes", () => {
  const notes = Array.from({ length: 30 }, (_, i) => `Note ${i}: ${"x".repeat(280)}.`);
  const difference = "y".repeat(280);
  const split = { name: "GPT", text: difference, difference };
  const objection = { by: "GPT", text: difference };
  const view = final({ split, objection, footer: { ...final().footer, notes } });
  for (const length of [10, 1_900 - FOOTER_ROOM, 1_900]) {
    const text = "y".repeat(length);
    const { content } = part(text, 0, 1, view);
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(cutSmallPrint(content)).toBe(text);
    expect(content.includes("More under *Why*.")).toBe(length > 1_000);
  }
});

test("a reply becomes pages, and no code block is split", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => [`row ${i}`, "cell ".repeat(6)]);
  const blocks = [
    { type: "text", markdown: "Some **words**." },
    { type: "table", columns: ["Name", "What"], rows },
    { type: "code", language: "yaml", text: "a: 1" },
  ] as const;
  const pages = await replyPages({ title: "Teams", blocks, visibleTo: "asker", ok: true });
  expect(pages.slice(0, 2).join("\n\n")).toMatch(
    /^\*\*Teams\*\*\n\nSome \*\*words\*\*\.\n\n```\nName {4}What/,
  );
  expect(pages.at(-1)).toMatch(/```yaml\na: 1\n```$/);
  for (const page of pages) {
    expect(page.length).toBeLessThanOrEqual(1_900);
    expect((page.match(/```/g) ?? []).length % 2).toBe(0);
  }
});

test("a table too wide for a screen becomes a list, and a refusal says so", async () => {
  const rows = [["council", "Opus, GPT", "x".repeat(90)]];
  const blocks = [{ type: "table", columns: ["Team", "Agents", ""], rows }] as const;
  const [page] = await replyPages({ title: "No", blocks, visibleTo: "asker", ok: false });
  expect(page).toBe(`⚠️ **No**\n\n- **council** Agents: Opus, GPT · ${"x".repeat(90)}`);
});

test("in such a list unnamed columns come before the name, and the second of two columns has no name", async () => {
  const long = "x".repeat(90);
  const shown = async (columns: readonly string[], rows: readonly (readonly string[])[]) => {
    const blocks = [{ type: "table", columns, rows }] as const;
    const [page] = await replyPages({ title: "So", blocks, visibleTo: "asker", ok: true });
    return page?.split("\n\n")[1];
  };
  expect(
    await shown(
      ["", "Agent", "Cost"],
      [
        ["B", "Ada", long],
        ["", "Dan", "$0"],
      ],
    ),
  ).toBe(`- \`B\` **Ada** Cost: ${long}\n- **Dan** Cost: $0`);
  expect(await shown(["Command", "What it does"], [["stop", long]])).toBe(`- **stop**: ${long}`);
});
