import { graphemes, widthOf } from "../render/width.ts";
import type { Draft } from "./draft.ts";

export interface LaidOut {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

const TAB = "    ";

interface Row {
  text: string;
  width: number;
}

/** The draft wrapped to `width` columns, at most `most` rows of it: those around the cursor. */
export function layoutDraft(draft: Draft, width: number, most: number): LaidOut {
  const before = wrapRows(draft.text.slice(0, draft.cursor), width);
  const all = wrapRows(draft.text, width);
  const cursor = cursorAt(before, width);
  while (all.length <= cursor.row) all.push({ text: "", width: 0 });
  const first = Math.max(0, Math.min(cursor.row - most + 1, all.length - most));
  const shown = all.slice(first, first + most);
  return {
    rows: shown.map(({ text }) => text),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}

/** A cursor behind a full row stands at the start of the next one. */
function cursorAt(before: readonly Row[], width: number): LaidOut["cursor"] {
  const last = before.at(-1)?.width ?? 0;
  const row = before.length - 1;
  return last >= width ? { row: row + 1, column: 0 } : { row, column: last };
}

/** Wraps by column, as an editor does, so that no character moves while a word is typed. */
function wrapRows(text: string, width: number): Row[] {
  return text.split("\n").flatMap((line) => {
    const rows: Row[] = [{ text: "", width: 0 }];
    for (const grapheme of graphemes(line)) {
      const shown = grapheme === "\t" ? TAB : grapheme;
      const columns = widthOf(shown);
      const row = rows.at(-1);
      if (row && row.width + columns <= width) {
        row.text += shown;
        row.width += columns;
      } else rows.push({ text: shown, width: columns });
    }
    return rows;
  });
}
