import { expect, test } from "vitest";
import { cutLine, threadName } from "../../../adapters/discord/render/lines.ts";

test.each([
  ["Which index?", "Which index?"],
  ["\n## **Which** `index`?\nSecond line", "Which index?"],
  ["see [the docs](http://x) now", "see the docs now"],
  ["  ", "Ada asks"],
  ["```\ncode\n```", "code"],
  [`${"word ".repeat(40)}end`, `${"word ".repeat(14).trimEnd()}…`],
])("a thread about %j is called %j", (question, name) => {
  expect(threadName(question, "Ada")).toBe(name);
});

test("a name is never cut within a character", () => {
  const name = threadName("👨‍👩‍👧‍👦".repeat(30), "Ada");
  expect(name.length).toBeLessThanOrEqual(100);
  expect(name.isWellFormed()).toBe(true);
  expect(cutLine("ab👍🏽", 4)).toBe("ab…");
});
