import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { joinParts } from "../../src/conversation/join-parts.ts";
import { splittingAnswer } from "../../src/delivery/split-answer.ts";
import { splitMarkdown } from "../../src/delivery/split.ts";
import { finish } from "../../src/slices.ts";
import { HOSTILE } from "../support/hostile-text.ts";
import { markdownDocument, tokensOf } from "./markdown-document.ts";
import { propertyRuns } from "../support/property-runs.ts";

type Tree = ReturnType<typeof fromMarkdown>;
const parse = (text: string): Tree =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

// All but white space and quote marks, of which every part of a quote has its own.
const lettersOf = (text: string) => text.replace(/[\s>]+/g, "");
const isWithin = (wanted: string, text: string) => {
  let at = 0;
  for (const unit of text.split("")) if (unit === wanted[at]) at++;
  return at === wanted.length;
};

/** In which kind of top-level block each word stands; code with its language, a row with its table's header. */
const places = (text: string) =>
  parse(text).children.flatMap((node) => {
    const source = text.slice(node.position?.start.offset, node.position?.end.offset);
    const header = node.type === "table" ? source.split("\n")[0] : "";
    const kind = node.type === "code" ? `code ${node.lang}` : `${node.type} ${header}`;
    return tokensOf(source).map((token) => [token, kind] as const);
  });

const limits = fc.integer({ min: 160, max: 700 });

test("a text that fits stays as it is", () => {
  expect(splitMarkdown("# Hi\n\n- a\n- b\n", 100)).toEqual(["# Hi\n\n- a\n- b\n"]);
});

test("parts end between blocks, and a heading goes with what it heads", () => {
  const text = `Intro.\n\n## One\n\n${"a".repeat(30)}\n\n## Two\n\n${"b".repeat(30)}`;
  expect(splitMarkdown(text, 55)).toEqual([
    `Intro.\n\n## One\n\n${"a".repeat(30)}`,
    `## Two\n\n${"b".repeat(30)}`,
  ]);
});

test("a long code block is closed and opened again with its info string", () => {
  const text = ["```ts title=x", "one();", "two();", "three();", "```"].join("\n");
  expect(splitMarkdown(text, 36)).toEqual([
    "```ts title=x\none();\ntwo();\n```",
    "```ts title=x\nthree();\n```",
  ]);
});

test("a long table repeats its header row", () => {
  const text = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |";
  expect(splitMarkdown(text, 42)).toEqual([
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "| a | b |\n|---|---|\n| 5 | 6 |",
  ]);
});

test("a list is cut between items and keeps its numbers", () => {
  const text = "1. alpha\n2. beta\n3. gamma\n4. delta";
  expect(splitMarkdown(text, 18)).toEqual(["1. alpha\n2. beta", "3. gamma\n4. delta"]);
});

test("a quote stays a quote in every part", () => {
  const text = "> one two three.\n>\n> four five six.";
  expect(splitMarkdown(text, 20)).toEqual(["> one two three.", "> four five six."]);
});

test("prose is cut after a sentence, and never inside code, a link or bold", () => {
  const text =
    "First comes this. Then `some code here` and [a long link](https://x.y) end **very bold**.";
  expect(splitMarkdown(text, 32)).toEqual([
    "First comes this.",
    "Then `some code here` and",
    "[a long link](https://x.y) end",
    "**very bold**.",
  ]);
});

test("splitting never turns prose into a list, a heading or a quote", () => {
  const text = "The sum is 17 - 4 which is 13. It is issue # 5 and x > 3 here";
  for (const limit of [16, 20, 24, 28, 32, 50]) {
    const kinds = splitMarkdown(text, limit).flatMap((part) => parse(part).children);
    expect(new Set(kinds.map((node) => node.type))).toEqual(new Set(["paragraph"]));
  }
});

test("an emoji of several code points is never split", () => {
  const family = "👩‍👩‍👧";
  for (const part of splitMarkdown(family.repeat(40), 50)) {
    expect(part.replaceAll(family, "")).toBe("");
  }
});

test("property: no part is over the limit, and every word stands once, in order, in the kind of block it stood in", () => {
  fc.assert(
    fc.property(markdownDocument, limits, (text, limit) => {
      const parts = splitMarkdown(text, limit);
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limit);
      const header = new Set(tokensOf(text).filter((token) => token.startsWith("h")));
      const words = parts.flatMap((part) => tokensOf(part)).filter((token) => !header.has(token));
      expect(words).toEqual(tokensOf(text).filter((token) => !header.has(token)));
      const before = new Map(places(text));
      for (const [token, kind] of parts.flatMap(places)) {
        // A list item too long for one message goes on as plain blocks in the next.
        if (before.get(token) !== "list ")
          expect([token, kind]).toEqual([token, before.get(token)]);
      }
    }),
    { numRuns: propertyRuns(150, 0.05) },
  );
});

test("property: parts join back to the same text but for white space and repeated table headers", () => {
  fc.assert(
    fc.property(markdownDocument, limits, (text, limit) => {
      fc.pre(!/^\|/m.test(text));
      expect(lettersOf(joinParts(splitMarkdown(text, limit)))).toBe(lettersOf(text));
    }),
    { numRuns: propertyRuns(150, 0.05) },
  );
});

test("property: whatever the text, no part is over the limit, no character is torn, nothing is lost", () => {
  const fragment = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom(
      "```\n",
      "~~~~js\n",
      "> ",
      "- ",
      "1. ",
      "\n\n",
      "\n",
      "| a |\n|--|\n",
      "    ",
      "\t",
      "**",
      "`",
    ),
  );
  const anything = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(anything, fc.integer({ min: 40, max: 200 }), (text, limit) => {
      const parts = splitMarkdown(text, limit);
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limit);
      expect(parts.every((part) => part.isWellFormed())).toBe(true);
      // A list that is split is numbered.
      const [before, after] = [text, parts.join("")].map((all) =>
        all.replaceAll(/\d+(?=[.)])/g, ""),
      );
      expect(isWithin(lettersOf(before ?? ""), lettersOf(after ?? ""))).toBe(true);
    }),
    { numRuns: propertyRuns(500, 0.1) },
  );
});

test.each(Object.entries(HOSTILE))(
  "of %s, nothing is lost, and no part is over the limit",
  (_, make) => {
    const text = make(3_000);
    const parts = splitMarkdown(text, 500);
    expect(parts.reduce((most, { length }) => Math.max(most, length), 0)).toBeLessThanOrEqual(500);
    expect(isWithin(lettersOf(text), lettersOf(parts.join("")))).toBe(true);
  },
);

test("a list of only `1.` goes on counting in the next part", () => {
  const items = Array.from(
    { length: 12 },
    (_, i) => `1. item ${"x".repeat(20)} ${"abcdefghijkl"[i]}\n   more`,
  );
  const parts = splitMarkdown(items.join("\n"), 200);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.join("\n").match(/^\d+(?=\.)/gm)).toEqual(
    Array.from({ length: 12 }, (_, i) => `${i + 1}`),
  );
  expect(parts.at(-1)).toMatch(/^12\. item x+ l\n {4}more$/m);
});

test("a list that counts itself, or starts elsewhere, keeps its numbers", () => {
  const items = Array.from({ length: 12 }, (_, i) => `${i + 7}) item ${"x".repeat(20)}`);
  expect(
    splitMarkdown(items.join("\n"), 150)
      .join("\n")
      .match(/^\d+(?=\))/gm),
  ).toEqual(items.map((item) => item.split(")")[0]));
});

test("an answer too long for its parts is its beginning beside answer.md", () => {
  const text = Array.from({ length: 50 }, (_, i) => `Paragraph ${i}.`).join("\n\n");
  expect(finish(splittingAnswer(text, { maxTextLength: 120, footerRoom: 0, maxParts: 3 }))).toEqual(
    {
      parts: [
        "Paragraph 0.\n\nParagraph 1.\n\nParagraph 2.\n\nParagraph 3.\n\n*Too long for messages: the whole answer is in answer.md.*",
      ],
      fileName: "answer.md",
    },
  );
  expect(
    finish(splittingAnswer(text, { maxTextLength: 300, footerRoom: 0, maxParts: 3 })).parts,
  ).toHaveLength(3);
});

test("a megabyte is split in good time", () => {
  const text = "A sentence of some length. ".repeat(20).concat("\n\n").repeat(2000);
  expect(splitMarkdown(text, 1900).length).toBeGreaterThan(500);
});
