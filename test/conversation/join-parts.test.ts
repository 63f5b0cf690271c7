import { expect, it } from "vitest";
import { joinParts } from "../../src/conversation/join-parts.ts";

it("sets parts apart as paragraphs", () => {
  expect(joinParts(["One.\n", "", "Two."])).toBe("One.\n\nTwo.");
});

it("makes one code block again of one that was cut", () => {
  const parts = ["Look:\n```ts\nconst a = 1;\n```", "```ts\nconst b = 2;\n```\nDone."];
  expect(joinParts(parts)).toBe("Look:\n```ts\nconst a = 1;\nconst b = 2;\n```\nDone.");
});

it("leaves two blocks of different languages apart", () => {
  const parts = ["```ts\na\n```", "```py\nb\n```"];
  expect(joinParts(parts)).toBe("```ts\na\n```\n\n```py\nb\n```");
});

it("makes one table again of one that was cut", () => {
  const parts = [
    "Prices:\n\n| a | b |\n|---|:-:|\n| 1 | 2 |",
    "| a | b |\n|---|:-:|\n| 3 | 4 |\n\nDone.",
  ];
  expect(joinParts(parts)).toBe("Prices:\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\nDone.");
});

it("leaves two tables with different headers apart", () => {
  const parts = ["| a |\n|---|\n| 1 |", "| b |\n|---|\n| 2 |"];
  expect(joinParts(parts)).toBe(parts.join("\n\n"));
});
