import { expect, test } from "vitest";
import { toDiscord } from "../../../adapters/discord/render/markdown.ts";
import { cutSmallPrint, formatSmallPrint } from "../../../adapters/discord/render/small-print.ts";

const TABLE = "| Name | 数量 |\n|---|--:|\n| **ab** | 1 |\n| `c\\|d` | 说明 |";

test("a table is aligned, with wide characters too", () => {
  expect(toDiscord(`Before\n\n${TABLE}\n\nafter`)).toBe(
    "Before\n\n```\nName  数量\n────  ────\nab    1\nc|d   说明\n```\n\nafter",
  );
});

test("a table too wide to read keeps its pipes", () => {
  const wide = `| a | b |\n|---|---|\n| ${"x".repeat(60)} | ${"y".repeat(60)} |`;
  expect(toDiscord(wide)).toBe(`\`\`\`\n${wide}\n\`\`\``);
});

test("a table that would not fit when aligned stays as it was written", () => {
  const cells = Array.from({ length: 20 }, (_, i) => `| ${i} | x |`).join("\n");
  const table = `| ${"w".repeat(60)} | n |\n|---|---|\n${cells}`;
  expect(toDiscord(table, 500).length).toBeLessThanOrEqual(500);
  expect(toDiscord(table, 500)).toContain("| 19 | x |");
});

test("pipes outside a table stay", () => {
  expect(toDiscord("a | b\nc | d")).toBe("a | b\nc | d");
});

test("code is not changed", () => {
  const code = "```md\n#### x\n- [ ] a\n| a | b |\n|---|---|\n<br>\n```";
  expect(toDiscord(code)).toBe(code);
  expect(toDiscord("~~~js\nlet a;\n~~~")).toBe("```js\nlet a;\n```");
});

test.each([
  ["#### Small", "**Small**"],
  ["###### **Bold** one ##", "**Bold one**"],
  ["### Kept", "### Kept"],
  ["- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"],
  ["* * *", "———"],
  ["a<br/>b", "a\nb"],
  ["![a cat](http://x/c.png)", "[a cat](http://x/c.png)"],
  ["a <!-- hidden --> b", "a  b"],
])("%j is drawn as %j", (markdown, shown) => {
  expect(toDiscord(markdown)).toBe(shown);
});

test("an answer that imitates the small print is not cut", () => {
  const answer = "Look:\n-# ◆ not the footer";
  const posted = `${toDiscord(answer)}\n${formatSmallPrint(["Opus for council", "two\nlines"])}`;
  expect(posted).toBe("Look:\n\\-# ◆ not the footer\n-# ◆ Opus for council\n-# two lines");
  expect(cutSmallPrint(posted)).toBe("Look:\n\\-# ◆ not the footer");
  expect(cutSmallPrint(formatSmallPrint(["alone"]))).toBe("");
  const code = "```\n-# ◆ in code\n```";
  expect(cutSmallPrint(code)).toBe(code);
});
