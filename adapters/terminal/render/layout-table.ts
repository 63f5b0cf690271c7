import wrapAnsi from "wrap-ansi";
import type { Look } from "./look.ts";
import { padToWidth, widthOf } from "./lines.ts";

export type Align = "left" | "right" | "center";

export interface TableCells {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Per column; left where absent. */
  readonly align?: readonly Align[];
}

// The least width of a column in a table that must shrink.
const LEAST_WIDTH = 4;
/** Tables with more columns fit no screen; their rows are shown as lines. */
const MOST_COLUMNS = 60;

/** Lays out a table within the width; cells wrap if needed. */
export function layoutTable(cells: TableCells, look: Look, width = look.columns): string[] {
  const columns = [cells.header, ...cells.rows].reduce(
    (most, { length }) => Math.max(most, length),
    0,
  );
  if (columns > MOST_COLUMNS) return flatRows(cells, look, width);
  const widths = fitColumns(naturalWidths(cells, columns), width - 3 * (columns - 1));
  const align = cells.align ?? [];
  const bar = look.paint("dim", " │ ");
  const line = (row: readonly string[]) =>
    layoutRow(row, widths, align).map((c) => c.join(bar).trimEnd());
  const header = cells.header.map((cell) => look.paint("bold", cell));
  const rule = look.paint("dim", widths.map((w) => "─".repeat(w)).join("─┼─"));
  return [...line(header), rule, ...cells.rows.flatMap(line)];
}

const flatRows = ({ header, rows }: TableCells, look: Look, width: number): string[] =>
  [header.map((cell) => look.paint("bold", cell)), ...rows].flatMap((row) =>
    wrapAnsi(row.join(look.paint("dim", " │ ")), width, { hard: true }).split("\n"),
  );

function naturalWidths({ header, rows }: TableCells, columns: number): number[] {
  const widths = Array.from({ length: columns }, () => 1);
  for (const row of [header, ...rows]) {
    for (const [column, cell] of row.entries()) {
      for (const line of cell.split("\n")) {
        widths[column] = Math.max(widths[column] ?? 1, widthOf(line));
      }
    }
  }
  return widths;
}

/** Shrinks the widest columns, the first ones first, until all fit. */
function fitColumns(natural: readonly number[], width: number): number[] {
  const sumAt = (most: number) => natural.reduce((sum, w) => sum + Math.min(w, most), 0);
  let fits = LEAST_WIDTH;
  let over = natural.reduce((most, w) => Math.max(most, w), fits) + 1;
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (sumAt(middle) <= width) fits = middle;
    else over = middle;
  }
  let left = width - sumAt(fits);
  const widths = natural
    .toReversed()
    .map((w) => (w > fits && left-- > 0 ? fits + 1 : Math.min(w, fits)));
  return widths.toReversed();
}

function layoutRow(
  row: readonly string[],
  widths: readonly number[],
  align: readonly Align[],
): string[][] {
  const cells = widths.map((width, column) =>
    wrapAnsi(row[column] ?? "", width, { hard: true }).split("\n"),
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    widths.map((width, column) => padToWidth(cells[column]?.[y] ?? "", width, align[column])),
  );
}
