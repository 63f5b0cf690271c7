import { fenced } from "../../../src/adapter-kit/text/fence.ts";
import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";

/** A delimiter row, without white space. */
const RULE = /^\|?:?-+:?(?:\|:?-+:?)*\|?$/;

/** Whether a table starts here: a row of cells above a delimiter row. */
export const isTableHead = (line: string, next: string | undefined): boolean =>
  line.includes("|") &&
  next !== undefined &&
  RULE.test(next.replaceAll(/\s+/g, "")) &&
  cellsOf(line).length === cellsOf(next).length;

export const isTableRow = (line: string): boolean => line.includes("|") && line.trim() !== "";

/** A Markdown table in a code block: aligned if it is narrow enough, otherwise unchanged. */
export function showTable(lines: readonly string[], aligned: boolean): string {
  const [head = "", , ...rows] = lines;
  const table = aligned ? readableTable(plainCells(head), rows.map(plainCells)) : undefined;
  return fenced(table ?? lines.map((line) => line.trim()).join("\n"));
}

const plainCells = (line: string): Row => cellsOf(line).map(plainCell);

/** Splits a row at pipes that are neither escaped nor in code. */
function cellsOf(line: string): Row {
  const text = line.trim();
  const ends = codeEnds(text);
  const cells: string[] = [];
  let from = text.startsWith("|") ? 1 : 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "`") at = ends.get(at) ?? at;
    else if (text[at] === "|") {
      cells.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return from < text.length ? [...cells, text.slice(from).trim()] : cells;
}

/** For each run of backticks: the last index of the code that it opens, or of the run itself if nothing closes it. */
function codeEnds(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const next = new Map<number, number>();
  for (const { 0: run, index } of [...text.matchAll(/`+/g)].toReversed()) {
    const closing = next.get(run.length);
    ends.set(index, (closing ?? index) + run.length - 1);
    next.set(run.length, index);
  }
  return ends;
}

/** Removes markup, which a code block does not render. The bounds keep matching fast. */
const plainCell = (cell: string): string =>
  cell
    .replace(/\\([|\\`*_~])/g, "$1")
    .replace(/(\*\*|__|~~|(?<!`)`+(?!`))(.{1,200}?)\1/g, "$2")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/!?\[([^[\]]*)\]\(([^()\s]*)(?:\s[^()]*)?\)/g, "$1 ($2)");

export type Row = readonly string[];

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
