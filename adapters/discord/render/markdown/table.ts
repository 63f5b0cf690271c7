import { alignTable } from "../../../../src/adapter-kit/text/aligned-table.ts";
import type { MarkdownBlock } from "../../../../src/markdown/parse-markdown.ts";
import { type Addresses, type Inline, runsOf } from "./runs.ts";

type Table = Extract<MarkdownBlock, { type: "table" }>;
export type Row = readonly string[];

/** A table's text for a code block: aligned if it is narrow enough, otherwise with pipes. */
export function tableText({ children }: Table, addresses: Addresses, aligned: boolean): string {
  const [columns = [], ...rows] = children.map((row) =>
    row.children.map((cell) => cellText(cell.children, addresses)),
  );
  return (aligned ? readableTable(columns, rows) : undefined) ?? pipeTable(columns, rows);
}

/** Without marks, which a code block does not show. */
const cellText = (nodes: readonly Inline[], addresses: Addresses): string =>
  runsOf(nodes, addresses)
    .map(({ value, link }, at, runs) =>
      link && runs[at + 1]?.link !== link ? `${value} (${link.url})` : value,
    )
    .join("")
    .split("\n")
    .map((line) => line.trim())
    .join(" ");

const pipeTable = (columns: Row, rows: readonly Row[]): string =>
  [pipes(columns), `|${columns.map(() => "---|").join("")}`, ...rows.map(pipes)].join("\n");

const pipes = (row: Row): string =>
  `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Most screens show a line this wide without wrapping. */
const WIDEST = 90;

/** The aligned table; undefined: it would be too wide to read. Cells beyond the last column are left out. */
export function readableTable(columns: Row, rows: readonly Row[]): string | undefined {
  // Each column is at least one character wide and followed by two spaces.
  if (3 * columns.length - 2 > WIDEST) return undefined;
  const within = rows.map((row) => row.slice(0, columns.length));
  const { text, width } = alignTable({ columns, rows: within });
  return width > WIDEST ? undefined : text;
}
