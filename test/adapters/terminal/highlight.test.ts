import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadHighlight } from "../../../adapters/terminal/render/highlight.ts";
import { createLook } from "../../../adapters/terminal/render/look.ts";
import { cutToWidth, keepStyles } from "../../../adapters/terminal/render/lines.ts";
import { renderMarkdown } from "../../../adapters/terminal/render/render-markdown.ts";
import { cleanText } from "../../../src/text/clean-text.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const highlight = await loadHighlight();
const look = createLook(60, true, { links: true, highlight });
const render = (markdown: string) => renderMarkdown(markdown, look);

test("code has colours, line by line, under its language", () => {
  const lines = render("```ts\nconst a = 'x'; // why\n```");
  expect(lines.map((line) => JSON.stringify(line))).toEqual([
    String.raw`"\u001b[2mts\u001b[22m"`,
    expect.stringContaining(String.raw`\u001b[35mconst\u001b[39m`),
  ]);
  expect(lines[1]).toContain("\x1b[32m");
  expect(lines[1]).toContain("\x1b[90m// why\x1b[39m");
  expect(stripVTControlCharacters(lines[1] ?? "")).toBe("const a = 'x'; // why");
});

test.each(["py", "bash", "json", "yaml", "rust", "go", "sql", "html", "c++", "diff", "dockerfile"])(
  "%s is known",
  (language) => {
    const code = '# a comment\nif true { return "text" }\n+ 1 -- two /* three */';
    const [, ...lines] = render(`\`\`\`${language}\n${code}\n\`\`\``);
    expect(stripVTControlCharacters(lines.join("\n"))).toBe(code);
  },
);

test("code in any language, known or not, loses no character and cannot control the terminal", () => {
  const language = fc.constantFrom("ts", "py", "sh", "json", "html", "md", "css", "php", "x", "");
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "`",
      "'",
      '"',
      "/*",
      "*/",
      "//",
      "<",
      ">",
      "${",
      "\n",
      "\x1b[2J",
      "\x1b]8;;",
      "{",
    ),
  );
  fc.assert(
    fc.property(language, fc.array(piece), (name, pieces) => {
      const code = cleanText(pieces.join("")).replaceAll("\t", "    ").replaceAll("```", "");
      const colours = highlight(code, name, look.paint);
      if (colours === undefined) return;
      const shown = colours.join("\n");
      expect(stripVTControlCharacters(shown)).toBe(code);
      expect(
        shown
          .split("\x1b")
          .slice(1)
          .every((part) => /^\[\d+m/.test(part)),
      ).toBe(true);
    }),
    { numRuns: propertyRuns(200) },
  );
});

test("a link can be clicked, and still shows where it leads", () => {
  const [line = ""] = render("[bank](https://evil.example)");
  expect(line).toContain("\x1b]8;;https://evil.example\x07");
  expect(stripVTControlCharacters(line)).toBe("bank (https://evil.example)");
  expect(keepStyles(line)).toBe(line);
});

test.each([
  ["javascript", "[x](javascript:alert)"],
  ["a file", "[x](file:///etc/passwd)"],
  ["an address with a control character", "[x](https://a.b/\x07\x1b]0;owned\x07)"],
])("a link to %s is text", (_name, markdown) => {
  const shown = render(markdown).join("\n");
  const links = shown.split("\x1b]8;;").map((part) => part.split("\x07")[0] ?? "");
  expect(links.slice(1).filter((url) => url !== "" && url !== "https://a.b/")).toEqual([]);
  expect(shown).not.toContain("]0;");
});

test("a line that is cut inside a link ends the link", () => {
  const [line = ""] = render("[a long text to click](https://example.com)");
  const cut = cutToWidth(line, 8);
  expect(stripVTControlCharacters(cut)).toBe("a long …");
  expect(cut.lastIndexOf("\x1b]8;;\x07")).toBeGreaterThan(cut.indexOf("https://"));
});
