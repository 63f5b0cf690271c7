import stringWidth from "string-width";

export type Row = readonly string[];

/** A line this wide is shown whole on most screens. */
const WIDEST = 90;

/** Rows as columns that line up in a fixed-width font, under a ruled heading; undefined where that would be too wide to read. */
export function alignTable(head: Row, rows: readonly Row[]): string | undefined {
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(1, ...all.map((row) => stringWidth(row[column] ?? ""))),
  );
  const width = widths.reduce((sum, one) => sum + one + 2, -2);
  if (width > WIDEST) return undefined;
  const line = (row: Row) =>
    widths
      .map((size, column) => padEnd(row[column] ?? "", size))
      .join("  ")
      .trimEnd();
  const rule = widths.map((size) => "─".repeat(size)).join("  ");
  return [line(head), rule, ...rows.map(line)].join("\n");
}

const padEnd = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - stringWidth(text)));

/** A fence that nothing in the text closes. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
