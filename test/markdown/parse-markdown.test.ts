import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { flattenNesting } from "../../src/markdown/flatten-nesting.ts";
import { parseMarkdown, parsingMarkdown } from "../../src/markdown/parse-markdown.ts";
import { finish } from "../../src/slices.ts";
import { markdownDocument } from "../delivery/markdown-document.ts";
import { propertyRuns } from "../support/property-runs.ts";

const whole = (text: string) =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children;

/** The same text, with neighbours joined and without positions. */
const shapeOf = (node: unknown): unknown => {
  if (Array.isArray(node)) {
    const shapes: unknown[] = [];
    for (const child of node) {
      const last = shapes.at(-1);
      if (isText(child) && isText(last))
        shapes[shapes.length - 1] = { ...last, value: last.value + child.value };
      else shapes.push(shapeOf(child));
    }
    return shapes;
  }
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== "position")
      .map(([key, value]) => [key, shapeOf(value)]),
  );
};
const isText = (node: unknown): node is { type: "text"; value: string } =>
  typeof node === "object" && node !== null && "type" in node && node.type === "text";

const places = (blocks: ReturnType<typeof whole>) =>
  blocks.map(({ type, position }) => [type, position?.start.offset, position?.end.offset]);

test("property: a text that is parsed in sections has the tree that it has as a whole", () => {
  fc.assert(
    fc.property(markdownDocument, fc.integer({ min: 30, max: 400 }), (text, usual) => {
      const most = { usual, hard: 100_000 };
      const blocks = finish(parsingMarkdown(text, { findsLinks: true, most }));
      expect(shapeOf(blocks)).toEqual(shapeOf(whole(text)));
      expect(places(blocks)).toEqual(places(whole(text)));
    }),
    { numRuns: propertyRuns(300, 0.1) },
  );
});

test("property: what looks like Markdown has the same tree in sections, cut only between blocks", () => {
  const pieces = fc.constantFrom(
    "- a\n",
    "  - b\n",
    "1. c\n",
    "   d\n",
    "\n",
    "\n\n",
    "> e\n",
    "```\n",
    "~~~ js\n",
    "# f\n",
    "g\n",
    "===\n",
    "---\n",
    "    h\n",
    "| i | j |\n| - | - |\n| k | l |\n",
    "| m |\n",
    "<div>\n",
    "<!-- n\n\nm -->\n",
    "[o][p]\n",
    "\n[p]: q\n\n",
    "* r\n",
    "**s** _t_\n",
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }),
      fc.integer({ min: 1, max: 60 }),
      (all, usual) => {
        const text = all.join("");
        const blocks = finish(
          parsingMarkdown(text, { findsLinks: true, most: { usual, hard: 100_000 } }),
        );
        expect(shapeOf(blocks)).toEqual(shapeOf(whole(text)));
      },
    ),
    { numRuns: propertyRuns(1_000, 0.1) },
  );
});

test("what nests deeper than ten levels is text of the tenth, and nothing of it is lost", () => {
  const levels = Array.from({ length: 10 }, () => "> ").join("");
  expect(flattenNesting(`${levels}> > deep`)).toBe(`${levels}\\> > deep`);
  expect(flattenNesting(`${"1. ".repeat(12)}deep`)).toBe(`${"1. ".repeat(10)}1\\. 1. deep`);
  const steps = Array.from({ length: 13 }, (_, level) => `${"  ".repeat(level)}- item ${level}`);
  const flat = steps.map((line, level) => (level < 10 ? line : `${"  ".repeat(9)}- item ${level}`));
  expect(flattenNesting(steps.join("\n"))).toBe(flat.join("\n"));
});

test("what is not nested too deep stays as it is, code and lines across the page too", () => {
  const code = `\`\`\`\n${">".repeat(80)}\n\`\`\``;
  const rule = "- ".repeat(40);
  for (const text of [code, rule, "* * * * * * * * * * * *", "> > > a\n- b\n  - c"]) {
    expect(flattenNesting(text)).toBe(text);
  }
});

test("a tree is never deep, whatever the text", () => {
  for (const text of [
    "*a ".repeat(2000) + "a* ".repeat(2000),
    ">".repeat(9000),
    "[a".repeat(900) + "](b)".repeat(900),
  ]) {
    let level: readonly object[] = parseMarkdown(flattenNesting(text));
    let depth = 0;
    for (; level.length > 0; depth++) {
      level = level.flatMap((node) =>
        "children" in node && Array.isArray(node.children) ? node.children : [],
      );
    }
    expect(depth).toBeLessThan(40);
  }
});
