import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";

export type Row = readonly string[];

/** A line this wide is shown whole on most screens. */
const WIDEST = 90;

/** The table for a code block; undefined where it would be too wide to read. Cells without a column are left out. */
export function readableTable(columns: Row, rows: readonly Row[]): string | undefined {
  // Each column takes at least one place: with more of them, nothing has to be measured.
  if (3 * columns.length - 2 > WIDEST) return undefined;
  const within = rows.map((row) => row.slice(0, columns.length));
  const { text, width } = alignTable({ columns, rows: within });
  return width > WIDEST ? undefined : text;
}
