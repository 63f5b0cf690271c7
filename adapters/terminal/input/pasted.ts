import { formatCount } from "../../../src/progress/format.ts";

// Private characters stand for long pastes, so that editing keys treat a paste as one character and the draft stays short.
const FIRST = 0xf0000;
const MOST = 1_000;

const PASTE_MARKS = /[\u{F0000}-\u{F03E7}]/gu;
// Stands for an "@" that the person did not type: it mentions no file, so that a pasted text cannot send files along.
const PASTED_AT = "\u{F03E8}";

/** All characters with a meaning of their own in a draft. Text from outside must not contain them. */
export const PRIVATE_MARKS = /[\u{F0000}-\u{F03E8}]/gu;

/** A text that the person did not type, for a draft. */
export const untyped = (text: string): string => text.replaceAll("@", PASTED_AT);

/** The character of the paste with this index; undefined: there are too many. */
export const pastedAt = (index: number): string | undefined =>
  index < MOST ? String.fromCodePoint(FIRST + index) : undefined;

const indexOf = (mark: string): number => (mark.codePointAt(0) ?? 0) - FIRST;

/** What was written, as a draft holds it. */
export interface Written {
  /** A long paste is one character here. */
  readonly text: string;
  /** The long pastes that the text may contain. */
  readonly pastes: readonly string[];
}

/** The text with its pastes, as a text that can be edited again. */
export const unfold = ({ text, pastes }: Written): string =>
  text.replace(PASTE_MARKS, (mark) => untyped(pastes[indexOf(mark)] ?? ""));

/** The text with its pastes, as it is sent. */
export const expand = (written: Written): string => unfold(written).replaceAll(PASTED_AT, "@");

/** What stands for a grapheme in the input: "[Pasted 124 lines]" for a paste, otherwise the grapheme itself. */
export function shownAs(grapheme: string, pastes: readonly string[]): string {
  if (grapheme === PASTED_AT) return "@";
  const index = indexOf(grapheme);
  if (index < 0 || index >= MOST) return grapheme;
  const text = pastes[index] ?? "";
  const lines = text.split("\n").length;
  const size = lines > 1 ? formatCount(lines, "line") : formatCount(text.length, "character");
  return `[Pasted ${size}]`;
}

/** The last paste that begins before `cursor`, or else the last one of all: where it stands, and its text. */
export function findPaste(
  { text, pastes }: Written,
  cursor: number,
): { readonly from: number; readonly to: number; readonly text: string } | undefined {
  const marks = [...text.matchAll(PASTE_MARKS)];
  const mark = marks.findLast(({ index }) => index < cursor) ?? marks.at(-1);
  if (!mark) return undefined;
  const from = mark.index;
  return { from, to: from + mark[0].length, text: untyped(pastes[indexOf(mark[0])] ?? "") };
}
