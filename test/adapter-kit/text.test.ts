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
  note: "One agent is down.",
};

test("a status in plain lines", () => {
  expect(plainStatus(view, PLAIN).split("\n")).toEqual([
    "Council\\* · reviewing · round 2 · 12s",
    "- A Ada: reviewing",
    "- Ben\\*: failed · no \\*key\\*",
    "Tally: Ada +2.0",
    "Waiting: Eve: And \\*then\\*?",
    "One agent is down.",
  ]);
  expect(plainStatus({ ...view, phase: "answered" }, PLAIN)).not.toContain("Waiting");
});

test("what is too long keeps whole lines", () => {
  const short = plainStatus(view, { ...PLAIN, maxLength: 60 });
  expect(short.split("\n")).toEqual([
    "Council\\* · reviewing · round 2 · 12s",
    "- A Ada: reviewing",
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
      team: "Council",
      tally: "",
      elapsedMs: 1_000,
      costUsd: null,
      tokens: 12,
      notes: ["simulated"],
    },
    PLAIN,
  );
  expect(footer).toMatch(/^Ada for Council · 1(\.0)?s · .*12.*\nsimulated$/);
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

test("a headline adds the view's age to its time, and shows tokens and money once there are any", () => {
  expect(headline(view, "*Council*", 3_000)).toBe("*Council* · reviewing · round 2 · 15s");
  expect(headline({ ...view, tokens: 1_200, costUsd: 0.05 }, "Council")).toBe(
    "Council · reviewing · round 2 · 12s · 1.2k tokens · $0.050",
  );
});
