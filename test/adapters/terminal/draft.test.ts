import fc from "fast-check";
import { expect, test } from "vitest";
import {
  draftOf,
  editDraft,
  emptyDraft,
  insertText,
} from "../../../adapters/terminal/input/draft.ts";
import { layoutDraft } from "../../../adapters/terminal/input/layout-draft.ts";
import { createPromptHistory } from "../../../adapters/terminal/input/prompt-history.ts";
import { widthOf } from "../../../adapters/terminal/render/lines.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const FAMILY = "👩‍👩‍👧";

/** A draft with its cursor at the bar. */
const at = (marked: string) => ({
  ...draftOf(marked.replace("|", "")),
  cursor: marked.indexOf("|"),
});

const show = ({ text, cursor }: { text: string; cursor: number }) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;

test.each([
  ["left", "ab|c", "a|bc"],
  ["right", "ab|c", "abc|"],
  ["left", "|abc", "|abc"],
  ["left", `a${FAMILY}|`, `a|${FAMILY}`],
  ["right", `|${FAMILY}a`, `${FAMILY}|a`],
  ["ctrl+left", "one two|", "one |two"],
  ["meta+b", "one two  |", "one |two  "],
  ["meta+f", "|one two", "one| two"],
  ["home", "one\ntw|o", "one\n|two"],
  ["end", "o|ne\ntwo", "one|\ntwo"],
  ["ctrl+a", "abc|", "|abc"],
  ["backspace", "ab|c", "a|c"],
  ["backspace", `${FAMILY}|`, "|"],
  ["delete", "a|bc", "a|c"],
  ["ctrl+w", "one two|", "one |"],
  ["meta+d", "|one two", "| two"],
  ["ctrl+u", "one\ntwo th|ree", "one\n|ree"],
  ["ctrl+k", "one t|wo\nthree", "one t|\nthree"],
  ["up", "one\ntwo th|ree", "one|\ntwo three"],
  ["down", "o|ne\ntwo", "one\nt|wo"],
  ["down", `ab|c\n${FAMILY}`, `abc\n|${FAMILY}`],
])("%s turns %j into %j", (chord, before, result) => {
  expect(show(editDraft(at(before), chord) ?? emptyDraft)).toBe(result);
});

test("up in the first line and down in the last use the history", () => {
  expect(editDraft(at("on|e\ntwo"), "up")).toBeUndefined();
  expect(editDraft(at("one\ntw|o"), "down")).toBeUndefined();
});

test("Ctrl-Y pastes what was cut", () => {
  const cut = editDraft(at("one two|"), "ctrl+w") ?? emptyDraft;
  expect(editDraft(cut, "ctrl+y")?.text).toBe("one two");
});

test("typed and pasted text loses its control characters", () => {
  expect(insertText(emptyDraft, "a\x1b[31mb\x07\r\nc").text).toBe("ab\nc");
});

test("no edit splits a grapheme or leaves the text", () => {
  const chords = [
    "left",
    "right",
    "up",
    "down",
    "backspace",
    "delete",
    "ctrl+w",
    "meta+f",
    "ctrl+k",
  ];
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "漢", "é", FAMILY) });
  fc.assert(
    fc.property(text, fc.array(fc.constantFrom(...chords)), (start, keys) => {
      const end = keys.reduce((draft, key) => editDraft(draft, key) ?? draft, draftOf(start));
      expect(end.cursor).toBeGreaterThanOrEqual(0);
      expect(end.cursor).toBeLessThanOrEqual(end.text.length);
      expect(end.text.isWellFormed()).toBe(true);
    }),
    { numRuns: propertyRuns(100) },
  );
});

test("a long line wraps, and the cursor with it", () => {
  expect(layoutDraft(at("abcdef|gh"), 4, 9)).toEqual({
    rows: ["abcd", "efgh"],
    cursor: { row: 1, column: 2 },
  });
});

test("after a full row the cursor is at the start of the next", () => {
  expect(layoutDraft(at("abcd|"), 4, 9)).toEqual({
    rows: ["abcd", ""],
    cursor: { row: 1, column: 0 },
  });
});

test("a wide character that does not fit goes to the next row", () => {
  expect(layoutDraft(at("abc漢|"), 4, 9)).toEqual({
    rows: ["abc", "漢"],
    cursor: { row: 1, column: 2 },
  });
});

test("a long draft shows the rows around the cursor", () => {
  const { rows, cursor } = layoutDraft(at("1\n2\n3|\n4\n5"), 9, 2);
  expect(rows).toEqual(["2", "3"]);
  expect(cursor).toEqual({ row: 1, column: 1 });
});

test("no row of any draft is wider than it may be, and the cursor is on one of them", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\t", "\n", "漢", FAMILY) });
  fc.assert(
    fc.property(text, fc.nat(), (content, place) => {
      const marked = { ...draftOf(content), cursor: 0 };
      const moved = Array.from({ length: place % 9 }).reduce<typeof marked>(
        (draft) => editDraft(draft, "right") ?? draft,
        marked,
      );
      const { rows, cursor } = layoutDraft(moved, 8, 5);
      expect(rows.length).toBeLessThanOrEqual(5);
      expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(8);
      expect(cursor.row).toBeLessThan(rows.length);
    }),
    { numRuns: propertyRuns(100) },
  );
});

test("the history restores the draft", () => {
  const history = createPromptHistory(["one", "two"]);
  expect([history.older("draft"), history.older(""), history.older("")]).toEqual([
    "two",
    "one",
    undefined,
  ]);
  expect([history.newer(), history.newer(), history.newer()]).toEqual(["two", "draft", undefined]);
});
