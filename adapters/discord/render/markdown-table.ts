import { fenced } from "../../../src/adapter-kit/text/fence.ts";
import { readableTable, type Row } from "./table.ts";

const RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** Whether a table begins here: a line of cells over a line of dashes. */
export const isTableHead = (line: string, next: string | undefined): boolean =>
  line.includes("|") &&
  next !== undefined &&
  RULE.test(next) &&
  next.includes("-") &&
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
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  const cells = inner.match(/(?:\\.|(`+)(?:(?!\1).)*\1|[^|])+|(?<=\|)(?=\|)/g) ?? [];
  return cells.map((cell) => cell.trim());
}

/** In a code block marks are not drawn, and get in the way. */
const plainCell = (cell: string): string =>
  cell
    .replace(/\\([|\\`*_~])/g, "$1")
    .replace(/(\*\*|__|~~|`+)(.+?)\1/g, "$2")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, "$1 ($2)");
