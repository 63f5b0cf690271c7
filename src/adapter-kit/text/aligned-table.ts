import stringWidth from "string-width";

export interface AlignedTable {
  readonly text: string;
  /** In columns of a fixed-width font. */
  readonly width: number;
}

/** Rows under a ruled heading, their cells lined up in a fixed-width font. */
export function alignTable({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): AlignedTable {
  const lines = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll("\n", " ")));
  const widths: number[] = [];
  for (const row of lines) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 1, stringWidth(cell));
    }
  }
  const [head = "", ...body] = lines.map((row) =>
    widths
      .map((width, column) => pad(row[column] ?? "", width))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return { text: [head, rule, ...body].join("\n"), width: rule.length };
}

const pad = (cell: string, width: number): string =>
  cell + " ".repeat(Math.max(0, width - stringWidth(cell)));
