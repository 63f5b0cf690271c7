import fc from "fast-check";
import { expect, test } from "vitest";
import { createLook } from "../../../adapters/terminal/render/look.ts";
import { renderMarkdown } from "../../../adapters/terminal/render/render-markdown.ts";
import { widthOf } from "../../../adapters/terminal/render/lines.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const plain = (markdown: string, columns = 40) =>
  renderMarkdown(markdown, createLook(columns, false)).join("\n");
const coloured = (markdown: string) => renderMarkdown(markdown, createLook(40, true)).join("\n");

test("without colours, headings, emphasis and code keep their marks", () => {
  expect(plain("## Title\n\n**bold** *slanted* `code` ~~gone~~")).toBe(
    "## Title\n\nbold slanted `code` gone",
  );
});

test("with colours, styles replace the marks", () => {
  expect(coloured("## Title\n\n**bold** `code`")).toBe(
    "\x1b[1mTitle\x1b[22m\n\n\x1b[1mbold\x1b[22m \x1b[36mcode\x1b[39m",
  );
});

test("prose is wrapped between words, to at most 100 columns", () => {
  expect(plain("one two three four five six", 12)).toBe("one two\nthree four\nfive six");
  const wide = renderMarkdown("word ".repeat(60), createLook(200, false));
  expect(Math.max(...wide.map(widthOf))).toBeLessThanOrEqual(100);
});

test("wide characters count two columns", () => {
  expect(plain("漢字漢字漢字", 8)).toBe("漢字漢字\n漢字");
});

test("lists are nested, numbered and ticked", () => {
  expect(plain("- one\n  - two\n- [x] done\n- [ ] open\n\n3. three\n4. four")).toBe(
    "• one\n  • two\n• [x] done\n• [ ] open\n\n3. three\n4. four",
  );
});

test("a wrapped list item is indented under its text", () => {
  expect(plain("10. one two three four five", 22)).toBe("10. one two three four\n    five");
});

test("code keeps its lines, long ones too, and is not indented", () => {
  const long = "x".repeat(60);
  expect(plain(`\`\`\`ts\nif (a) {\n\t${long}\n}\n\`\`\``)).toBe(
    `\`\`\`ts\nif (a) {\n    ${long}\n}\n\`\`\``,
  );
});

test("code in a list is not indented, in a quote it is", () => {
  expect(plain("1. Run\n   ```sh\n   npm ci\n   ```\n2. Done")).toBe(
    "1. Run\n```sh\nnpm ci\n```\n2. Done",
  );
  expect(plain("- ```sh\n  npm ci\n  ```")).toBe("•\n```sh\nnpm ci\n```");
  expect(plain("> ```\n> quoted\n> ```")).toBe("│ ```\n│ quoted\n│ ```");
});

test("a long address stays whole, so that it can be copied", () => {
  const url = `https://example.com/${"a".repeat(60)}`;
  expect(plain(`Read ${url} first.`)).toBe(`Read\n${url}\nfirst.`);
});

test("a quote is indented", () => {
  expect(plain("> said\n> twice")).toBe("│ said\n│ twice");
});

test("a table is aligned", () => {
  expect(plain("| Index | Rank |\n|---|--:|\n| Hash | 1 |\n| B-tree | 12 |")).toBe(
    "Index  │ Rank\n───────┼─────\nHash   │    1\nB-tree │   12",
  );
});

test("a table that is too wide wraps in its widest column", () => {
  expect(plain("| A | B |\n|---|---|\n| key | one two three four five six |", 24)).toBe(
    `A   │ B\n────┼${"─".repeat(19)}\nkey │ one two three four\n    │ five six`,
  );
});

test("a link shows where it leads", () => {
  expect(plain("[bank](https://evil.example), https://a.b", 60)).toBe(
    "bank (https://evil.example), https://a.b",
  );
});

test("images and footnotes become words", () => {
  expect(plain("![plan](p.png) see[^1]\n\n[^1]: there", 60)).toBe(
    "[image: plan] (p.png) see[^1]\n\n[^1]: there",
  );
});

test.each([
  ["an escape sequence", "a\x1b[31mb\x1b[0m", "ab"],
  ["a window title", "a\x1b]0;owned\x07b", "ab"],
  ["a clipboard write", "a\x1b]52;c;aGk=\x1b\\b", "ab"],
  ["a C1 control", "a\x9b2Jb", "ab"],
  ["an entity for an escape", "a&#27;[31mb", "a\uFFFD[31mb"],
  ["an override of direction", "a\u202Egnp.exe", "agnp.exe"],
  ["one by entity", "a&#x202E;b", "ab"],
  ["a backspace", "a\b\bb", "ab"],
  ["a carriage return", "good\rbad", "good\nbad"],
])("%s does not get through", (_name, markdown, shown) => {
  expect(plain(markdown)).toBe(shown);
});

test("no text of a model outputs control characters except line feeds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "\x1b[",
      "\x1b]8;;x\x07",
      "\x9b",
      "`",
      "```\n",
      "| a |\n|--|\n",
      "> ",
      "&#27;",
      "[x](",
      "\u202e",
    ),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join("")),
      (markdown) => {
        expect(plain(markdown)).not.toMatch(/(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
      },
    ),
    { numRuns: propertyRuns(100, 0.2) },
  );
});
