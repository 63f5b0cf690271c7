import { findPaste, pastedAt, PRIVATE_MARKS, untyped, type Written } from "./pasted.ts";
import { cleanText } from "../../../src/text/clean-text.ts";

/** The message being written. `cursor` counts UTF-16 code units and is between graphemes. */
export interface Draft extends Written {
  readonly cursor: number;
  /** What was cut last, for Ctrl-Y. */
  readonly killed: string;
}

export const emptyDraft: Draft = { text: "", cursor: 0, killed: "", pastes: [] };

const cleanInput = (text: string): string => cleanText(text).replace(PRIVATE_MARKS, "");

/** A text that the person typed. */
export const draftOf = (text: string): Draft => insertText(emptyDraft, text);

/** A text that `unfold` returned. */
export const recalledDraft = (text: string): Draft => insert(emptyDraft, text);

export const insertText = (draft: Draft, text: string): Draft => insert(draft, cleanInput(text));

/** Inserts a paste; a long one as one character. */
export function insertPaste(draft: Draft, text: string): Draft {
  const clean = cleanInput(text);
  const mark = pastedAt(draft.pastes.length);
  if (!isLong(clean) || mark === undefined) return insert(draft, untyped(clean));
  return insert({ ...draft, pastes: [...draft.pastes, clean] }, mark);
}

/** Replaces the paste before the cursor, or else the last one, by its text. */
export function expandOne(draft: Draft): Draft {
  const paste = findPaste(draft, draft.cursor);
  if (!paste) return draft;
  const before = draft.text.slice(0, paste.from) + paste.text;
  return { ...draft, text: before + draft.text.slice(paste.to), cursor: before.length };
}

/** A longer paste would fill the screen. */
const LONG_LINES = 10;
const LONG_TEXT = 1_000;

const isLong = (text: string): boolean =>
  text.length > LONG_TEXT || (text.match(/\n/g)?.length ?? 0) >= LONG_LINES;

function insert(draft: Draft, clean: string): Draft {
  const before = draft.text.slice(0, draft.cursor) + clean;
  return { ...draft, text: before + draft.text.slice(draft.cursor), cursor: before.length };
}

type Motion = (draft: Draft) => number;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Longer than any grapheme, in UTF-16 code units. */
const LONGEST_CHARACTER = 200;

const left: Motion = ({ text, cursor }) => {
  const near = text.slice(Math.max(0, cursor - LONGEST_CHARACTER), cursor);
  const lengths = Array.from(segmenter.segment(near), (s) => s.segment.length);
  return cursor - (lengths.at(-1) ?? 0);
};
const right: Motion = ({ text, cursor }) => {
  const [next] = segmenter.segment(text.slice(cursor, cursor + LONGEST_CHARACTER));
  return cursor + (next?.segment.length ?? 0);
};
const wordLeft: Motion = ({ text, cursor }) => {
  let at = text.slice(0, cursor).trimEnd().length;
  while (at > 0 && !/\s/.test(text[at - 1] ?? "")) at--;
  return at;
};
const wordRight: Motion = ({ text, cursor }) =>
  cursor + (/^\s*\S*/u.exec(text.slice(cursor))?.[0].length ?? 0);
const lineStart: Motion = ({ text, cursor }) => text.lastIndexOf("\n", cursor - 1) + 1;
const lineEnd: Motion = ({ text, cursor }) => {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
};

const MOTIONS: Readonly<Record<string, Motion>> = {
  left,
  "ctrl+b": left,
  right,
  "ctrl+f": right,
  "ctrl+left": wordLeft,
  "meta+left": wordLeft,
  "meta+b": wordLeft,
  "ctrl+right": wordRight,
  "meta+right": wordRight,
  "meta+f": wordRight,
  home: lineStart,
  "ctrl+a": lineStart,
  end: lineEnd,
  "ctrl+e": lineEnd,
  up: (draft) => verticalMotion(draft, -1),
  down: (draft) => verticalMotion(draft, 1),
};

const DELETIONS: Readonly<Record<string, Motion>> = {
  backspace: left,
  "shift+backspace": left,
  "ctrl+h": left,
  delete: right,
  "ctrl+d": right,
};

const KILLS: Readonly<Record<string, Motion>> = {
  "ctrl+w": wordLeft,
  "meta+backspace": wordLeft,
  "ctrl+backspace": wordLeft,
  "meta+d": wordRight,
  "ctrl+u": lineStart,
  "ctrl+k": lineEnd,
};

/** The draft after an editing key; undefined: the chord is none, or cannot move further (up in the first line). */
export function editDraft(draft: Draft, chord: string): Draft | undefined {
  const motion = MOTIONS[chord];
  if (motion) return moved(draft, motion(draft), chord);
  const deletion = DELETIONS[chord];
  if (deletion) return withoutRange(draft, deletion(draft)).draft;
  const kill = KILLS[chord];
  if (kill) {
    const { draft: rest, removed } = withoutRange(draft, kill(draft));
    return { ...rest, killed: removed === "" ? draft.killed : removed };
  }
  return chord === "ctrl+y" ? insertText(draft, draft.killed) : undefined;
}

function moved(draft: Draft, cursor: number, chord: string): Draft | undefined {
  const stuck = cursor === draft.cursor && (chord === "up" || chord === "down");
  return stuck ? undefined : { ...draft, cursor };
}

function withoutRange(draft: Draft, to: number): { draft: Draft; removed: string } {
  const start = Math.min(to, draft.cursor);
  const end = Math.max(to, draft.cursor);
  const removed = draft.text.slice(start, end);
  const text = draft.text.slice(0, start) + draft.text.slice(end);
  return { draft: { ...draft, text, cursor: start }, removed };
}

/** The same column in the line above or below; without one, the cursor stays. */
function verticalMotion(draft: Draft, by: -1 | 1): number {
  const start = lineStart(draft);
  const column = draft.cursor - start;
  const edge = by === -1 ? start - 1 : lineEnd(draft) + 1;
  if (edge < 0 || edge > draft.text.length) return draft.cursor;
  const target = { ...draft, cursor: edge };
  const targetStart = lineStart(target);
  const line = draft.text.slice(targetStart, lineEnd(target));
  return targetStart + snap(line, column);
}

/** The last boundary between graphemes at or before an index. */
function snap(line: string, index: number): number {
  let at = 0;
  for (const { segment } of segmenter.segment(line)) {
    if (at + segment.length > index) break;
    at += segment.length;
  }
  return at;
}
