import stringWidth from "string-width";

/** Cells lined up under each other, for a code block. */
export function alignTable({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const lines = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll("\n", " ")));
  const widths = Array.from({ length: Math.max(...lines.map((row) => row.length)) }, (_, column) =>
    Math.max(0, ...lines.map((row) => stringWidth(row[column] ?? ""))),
  );
  const [head = "", ...body] = lines.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [head, widths.map((width) => "─".repeat(width)).join("  "), ...body].join("\n");
}

const pad = (cell: string, width: number): string =>
  cell + " ".repeat(Math.max(0, width - stringWidth(cell)));
