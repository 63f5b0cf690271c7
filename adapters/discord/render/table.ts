import { fenced } from "../../../src/adapter-kit/text/fence.ts";
import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";

/** Without its blanks. */
const RULE = /^\|?:?-+:?(?:\|:?-+:?)*\|?$/;

/** Whether a table begins here: a line of cells over a line of dashes. */
export const isTableHead = (line: string, next: string | undefined): boolean =>
  line.includes("|") &&
  next !== undefined &&
  RULE.test(next.replaceAll(/\s+/g, "")) &&
  cellsOf(line).length === cellsOf(next).length;

export const isTableRow = (line: string): boolean => line.includes("|") && line.trim() !== "";

/** The lines of a Markdown table in a code block: lined up where that can be read, else as they were written. */
export function showTable(lines: readonly string[], aligned: boolean): string {
  const [head = "", , ...rows] = lines;
  const table = aligned ? readableTable(plainCells(head), rows.map(plainCells)) : undefined;
  return fenced(table ?? lines.map((line) => line.trim()).join("\n"));
}

const plainCells = (line: string): Row => cellsOf(line).map(plainCell);

/** Cells between pipes that are neither escaped nor in code. */
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

/** Of each run of backticks: the last index of the code it begins, or of itself if nothing closes it. */
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

/** In a code block marks are not drawn, and get in the way. None is searched far for what ends it. */
const plainCell = (cell: string): string =>
  cell
    .replace(/\\([|\\`*_~])/g, "$1")
    .replace(/(\*\*|__|~~|(?<!`)`+(?!`))(.{1,200}?)\1/g, "$2")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/!?\[([^[\]]*)\]\(([^()\s]*)[^()]*\)/g, "$1 ($2)");

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
