import { expect, test } from "vitest";
import { cleanLine, cleanText, escapeControls } from "../../src/text/clean-text.ts";

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
