import { expect, test } from "vitest";
import { cleanLine, cleanText, escapeControls } from "../../src/text/clean-text.ts";
import { growthOf, MOST_GROWTH } from "../support/growth.ts";

const HOSTILE = {
  "a colour": "\u001b[31m",
  "the title": "\u001b]0;gone\u0007",
  "a C1 sequence": "\u009b2J",
  "a C1 string": "\u009d0;x\u009c",
  "a bell": "\u0007",
  "a carriage return": "\r",
  backspaces: "\b\b",
  "an override": "\u202e",
  "an isolate": "\u2066",
  "an Arabic mark": "\u061c",
  "a line separator": "\u2028",
  "a tag": "\u{e0041}",
  "an annotation": "\ufff9",
};

test.each(Object.entries(HOSTILE))("nothing of %s is left to obey", (_, text) => {
  const obeyed =
    /(?![\n\t])\p{Cc}|[\u061C\u2028\u2029\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/u;
  const hostile = `one ${text} two`;
  expect(cleanText(hostile)).toMatch(/^one[^]*two$/);
  expect(cleanText(hostile)).not.toMatch(obeyed);
  expect(cleanLine(hostile)).not.toMatch(/\n/);
  expect(escapeControls(hostile)).toMatch(/^one .*\\u[0-9a-f]{4}.* two$/);
  expect(escapeControls(hostile)).not.toMatch(obeyed);
});

test("words, emoji, tabs and line breaks stay", () => {
  const text = "Grüße\n\t👩‍🔬 日本 שלום";
  expect([cleanText(text), escapeControls(text)]).toEqual([text, text]);
});

test.each([
  ["a colour", "\u001b[1;31mred\u001b[0m", "red"],
  ["a colour of the 8-bit form", "\u009b31mred", "red"],
  ["a title", "a\u001b]0;title\u0007b", "ab"],
  ["a link", "\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\", "text"],
  ["an 8-bit link", "\u009d8;;https://evil.example\u009ctext", "text"],
  ["the clipboard", "a\u001b]52;c;ZXZpbA==\u0007b", "ab"],
  ["a device control", "a\u001bPq#0;2;0;0;0\u001b\\b", "ab"],
  ["a private message", "a\u001b^x\u001b\\\u001b_y\u001b\\b", "ab"],
  ["another character set", "\u001b(0a\u001b(B", "a"],
  ["a reset", "a\u001bcb", "ab"],
  ["a title that never ends", "a\u001b]0;title", "a0;title"],
  ["a link that another one cuts off", "\u001b]8;;x\u001b[31mred", "8;;xred"],
  ["a colour that never ends", "a\u001b[31", "a31"],
  ["an escape at the end", "a\u001b", "a"],
  ["a sequence within a sequence", "\u001b\u001b[31m[31mred", "[31mred"],
])("%s is dropped, and the text around it stays", (_, text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

test.each([
  "\u001b",
  "\u001b]",
  "\u001b]8;;a",
  "\u001b];",
  "\u001b[",
  "\u001bP1",
  "\u009d",
  "\u001b ",
])("a text full of %j is cleaned in time that grows with its length", (piece) =>
  expect(growthOf(cleanText, piece, 500_000)).toBeLessThanOrEqual(MOST_GROWTH),
);
