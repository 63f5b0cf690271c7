import wrapAnsi from "wrap-ansi";
import type { Look } from "./paint.ts";
import { padToWidth, widthOf } from "./width.ts";

export type Align = "left" | "right" | "center";

export interface TableCells {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Per column; left where absent. */
  readonly align?: readonly Align[];
}

// A column keeps at least this much when the table has to shrink.
const LEAST_WIDTH = 4;

/** Rendered cells as lines of a table that fits the width; cells wrap where it does not. */
export function layoutTable(cells: TableCells, look: Look, width = look.columns): string[] {
  const columns = Math.max(cells.header.length, ...cells.rows.map((row) => row.length));
  const widths = fitColumns(naturalWidths(cells, columns), width - 3 * (columns - 1));
  const align = cells.align ?? [];
  const bar = look.paint("dim", " │ ");
  const line = (row: readonly string[]) =>
    layoutRow(row, widths, align).map((c) => c.join(bar).trimEnd());
  const header = cells.header.map((cell) => look.paint("bold", cell));
  const rule = look.paint("dim", widths.map((w) => "─".repeat(w)).join("─┼─"));
  return [...line(header), rule, ...cells.rows.flatMap(line)];
}

const naturalWidths = ({ header, rows }: TableCells, columns: number): number[] =>
  Array.from({ length: columns }, (_, column) =>
    Math.max(
      1,
      ...[header, ...rows].flatMap((row) => (row[column] ?? "").split("\n").map(widthOf)),
    ),
  );

/** Takes from the widest column until all fit. */
function fitColumns(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, w) => sum + w, 0) - width;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST_WIDTH) break;
    widths[widths.indexOf(widest)] = widest - 1;
    over--;
  }
  return widths;
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
