import { cutToWidth, graphemes, widthOf } from "../render/lines.ts";
import type { Draft } from "./draft.ts";
import { shownAs } from "./pasted.ts";

export interface LaidOut {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

const TAB = "    ";

interface Row {
  text: string;
  width: number;
}

/** Wraps the draft to `width` columns, and returns at most `most` rows around the cursor. */
export function layoutDraft(whole: Draft, width: number, most: number): LaidOut {
  const draft = aroundCursor(whole);
  const { pastes } = draft;
  const before = draft.text.slice(0, draft.cursor);
  const rows = wrapOnto([{ text: "", width: 0 }], before, { width, pastes });
  const cursor = cursorAt(rows, width);
  const shown = Math.max(most, cursor.row + 1);
  wrapOnto(rows, draft.text.slice(draft.cursor), { width, pastes, most: shown });
  while (rows.length <= cursor.row) rows.push({ text: "", width: 0 });
  const first = Math.max(0, cursor.row - most + 1);
  return {
    rows: rows.slice(first, shown).map(({ text }) => text),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}

/** Characters on each side of the cursor that are laid out: more than fits into any input. */
const REACH = 4_000;

/** The part of a draft around its cursor. It starts at fixed steps, so rows do not move while a word is typed. */
function aroundCursor(draft: Draft): Draft {
  const { text, cursor } = draft;
  if (text.length <= 3 * REACH) return draft;
  const step = Math.max(0, Math.floor(cursor / REACH) - 1) * REACH;
  const line = text.lastIndexOf("\n", cursor - 1) + 1;
  const from = Math.max(step, line > cursor - REACH ? 0 : line);
  return { ...draft, text: text.slice(from, cursor + REACH).toWellFormed(), cursor: cursor - from };
}

/** A cursor after a full row is at the start of the next row. */
function cursorAt(before: readonly Row[], width: number): LaidOut["cursor"] {
  const last = before.at(-1)?.width ?? 0;
  const row = before.length - 1;
  return last >= width ? { row: row + 1, column: 0 } : { row, column: last };
}

interface Wrapping extends Pick<Draft, "pastes"> {
  readonly width: number;
  readonly most?: number;
}

/**
 * Wraps by column, as an editor does, so that no character moves while a word is typed. The text goes on in the last of the rows, and ends with
 * the row `most`.
 */
function wrapOnto(rows: Row[], text: string, { width, pastes, most = Infinity }: Wrapping): Row[] {
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) rows.push({ text: "", width: 0 });
    for (const grapheme of graphemes(line)) {
      const shown = grapheme === "\t" ? TAB : shownAs(grapheme, pastes);
      addTo(rows, cutToWidth(shown, width), width);
      if (rows.length > most) return rows;
    }
    if (rows.length > most) return rows;
  }
  return rows;
}

function addTo(rows: Row[], shown: string, width: number): void {
  const columns = widthOf(shown);
  const row = rows.at(-1);
  if (row && row.width + columns <= width) {
    row.text += shown;
    row.width += columns;
  } else rows.push({ text: shown, width: columns });
}
