import { expect, test } from "vitest";
import { alignTable } from "../../src/adapter-kit/text/aligned-table.ts";
import { closeFence, fenced } from "../../src/adapter-kit/text/fence.ts";
import {
  headline,
  markdownReply,
  plainFooter,
  plainReply,
  plainStatus,
} from "../../src/adapter-kit/text/plain-layout.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import type { StatusView } from "../../src/progress/status-view.ts";

test("cells line up, wide characters and line breaks included", () => {
  const { text, width } = alignTable({
    columns: ["Agent", "Says"],
    rows: [["日本", "one\ntwo"], ["B"], ["", "x", "more"]],
  });
  expect(text.split("\n")).toEqual([
    "Agent  Says",
    "─────  ───────  ────",
    "日本   one two",
    "B",
    "       x        more",
  ]);
  expect(width).toBe(20);
});

test.each([
  ["plain", "```\nplain\n```"],
  ["a ``` b", "````\na ``` b\n````"],
  ["`````", "``````\n`````\n``````"],
])("nothing in a code block closes it (%#)", (text, block) => {
  expect(fenced(text)).toBe(block);
});

test.each([
  ["text", "text"],
  ["```ts\ncode", "```ts\ncode\n```"],
  ["~~~~\n```\ncode", "~~~~\n```\ncode\n~~~~"],
  ["```\ncode\n```", "```\ncode\n```"],
])("a part of a text closes the code block it leaves open (%#)", (text, closed) => {
  expect(closeFence(text)).toBe(closed);
});

const PLAIN = { escape: (text: string) => text.replaceAll("*", "\\*"), maxLength: 400 };

const view: StatusView = {
  turn: TurnId.parse("t1"),
  team: "Council*",
  phase: "reviewing",
  elapsedMs: 12_000,
  round: 2,
  agents: [
    {
      agent: AgentId.parse("ada"),
      name: "Ada",
      label: "A",
      status: "reviewing",
      revision: 1,
      elapsedMs: 3_000,
      tokens: 10,
      note: null,
    },
    {
      agent: AgentId.parse("ben"),
      name: "Ben*",
      label: null,
      status: "failed",
      revision: 0,
      elapsedMs: 0,
      tokens: 0,
      note: "no *key*",
    },
  ],
  tally: [
    { label: "A", agent: AgentId.parse("ada"), name: "Ada", score: 2, text: "+2.0", leads: true },
  ],
  tokens: 0,
  costUsd: 0,
  queued: 1,
  waiting: [{ id: "m1", author: "Eve", excerpt: "And *then*?" }],
  preview: "",
  isSolo: false,
  answers: 1,
  after: "line",
  isReplaced: false,
  note: "One agent is down.",
};

test("a status in plain lines", () => {
  expect(plainStatus(view, PLAIN).split("\n")).toEqual([
    "Council\\* is comparing the answers · 12s",
    "- Ada is reviewing",
    "- Ben\\* is out: no \\*key\\*",
    "Waiting: Eve: And \\*then\\*?",
    "One agent is down.",
  ]);
  expect(plainStatus({ ...view, phase: "answered", note: "" }, PLAIN)).toBe(
    "Council\\* answered in 12s",
  );
  expect(plainStatus({ ...view, phase: "answered", after: "keep" }, PLAIN)).toContain("- Ada");
});

test("what is too long keeps whole lines", () => {
  const short = plainStatus(view, { ...PLAIN, maxLength: 62 });
  expect(short.split("\n")).toEqual([
    "Council\\* is comparing the answers · 12s",
    "- Ada is reviewing",
    "…",
  ]);
});

test("a reply and a footer in plain lines", () => {
  const reply = plainReply(
    {
      title: "Teams",
      ok: true,
      visibleTo: "asker",
      blocks: [
        { type: "text", markdown: "one\ntwo*" },
        { type: "table", columns: ["Name", ""], rows: [["a", "b*"]] },
        { type: "code", language: "", text: "x*y" },
      ],
    },
    PLAIN,
  );
  expect(reply.split("\n")).toEqual(["Teams", "one", "two\\*", "- a · b\\*", "x*y"]);
  const footer = plainFooter(
    {
      presenter: "Ada",
      agreement: "preferred by 2 of 3",
      elapsedMs: 1_000,
      costUsd: null,
      tokens: 12,
      notes: ["simulated", "cut", "late"],
    },
    PLAIN,
  );
  expect(footer.split("\n")).toEqual([
    "Ada's answer · preferred by 2 of 3 · 1s · 12 tokens · cost unknown",
    "simulated",
    "cut",
  ]);
});

test("a reply as Markdown: the platform formats texts and tables, and blank blocks are left out", () => {
  const reply = {
    title: "Teams",
    ok: false,
    visibleTo: "asker",
    blocks: [
      { type: "text", markdown: "one" },
      { type: "table", columns: ["Name"], rows: [] },
      { type: "code", language: "yaml", text: "a: ```" },
    ],
  } as const;
  const markdown = markdownReply(reply, {
    text: (text) => text.toUpperCase(),
    table: ({ rows }) => " ".repeat(rows.length),
  });
  expect(markdown).toBe("⚠️ **Teams**\n\nONE\n\n````yaml\na: ```\n````");
});

test("a headline adds the view's age to its time, and says what the team does", () => {
  expect(headline(view, "*Council*", 3_000)).toBe("*Council* is comparing the answers · 15s");
  expect(headline({ ...view, phase: "answered" }, "Council")).toBe("Council answered in 12s");
  expect(headline({ ...view, phase: "stopped", note: "stopped by Ada" }, "Council")).toBe(
    "Council stopped by Ada · 12s",
  );
  const queued = view.agents.map((agent) => ({ ...agent, status: "queued" as const }));
  expect(headline({ ...view, agents: queued }, "Council")).toBe("Council is queued · 12s");
});
