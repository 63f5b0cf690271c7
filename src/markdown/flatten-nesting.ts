import { readRegions } from "./regions.ts";

/** Quotes and lists within each other, and marks within each other, are shown to this depth; what is nested deeper is shown flat. */
export const MOST_NESTED = 10;

/** A marker that opens a quote or a list item: blanks before it, the marker, blanks behind it. */
const MARKER = /([ \t]*)(>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))([ \t]*)/y;

/** Looks like nested lists, but is a line across the page. */
const RULE = /^[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)$/;

/** How the lines before a line nest. Columns count from where quotes end. */
interface Nesting {
  readonly quotes: number;
  /** Where the content of each open list item begins. */
  readonly columns: readonly number[];
  /** The last marker stood too deep: what follows it is moved with it. */
  readonly isFlat: boolean;
}

const NO_NESTING: Nesting = { quotes: 0, columns: [], isFlat: false };

interface Marker {
  readonly isQuote: boolean;
  /** Where it begins in the line, and where its content does. */
  readonly at: number;
  readonly column: number;
  readonly end: number;
}

/**
 * One line whose quotes and lists nest no deeper than `MOST_NESTED`: of deeper ones, the markers become text and the indent that of the
 * deepest level. A line that is nested less stays as it is. Linear in the line.
 */
function flattenLine(line: string, before: Nesting): { line: string; nesting: Nesting } {
  if (line.trim() === "" || RULE.test(line)) return { line, nesting: before };
  const markers = markersOf(line);
  const quotes = leadingQuotes(markers);
  const start = endOf(markers, quotes);
  const open = quotes === before.quotes ? within(before.columns, indentOf(line, start)) : [];
  const inner = markers.slice(quotes).map(({ column }) => column - start);
  const columns = [...open, ...inner];
  if (quotes + columns.length > MOST_NESTED) {
    return flattened(line, markers, { quotes, open: open.length, columns });
  }
  // What goes on under a marker that has been moved is moved too.
  const isFlat = before.isFlat && inner.length === 0 && open.length === before.columns.length;
  const nesting = { quotes, columns, isFlat };
  return { line: isFlat ? moved(line, start, open.at(-1) ?? 0) : line, nesting };
}

const endOf = (markers: readonly Marker[], quotes: number): number => markers[quotes - 1]?.end ?? 0;

const within = (columns: readonly number[], indent: number): readonly number[] =>
  columns.filter((column) => column <= indent);

interface TooDeep {
  readonly quotes: number;
  /** How many of the columns are of list items that were open before. */
  readonly open: number;
  readonly columns: readonly number[];
}

function flattened(line: string, markers: readonly Marker[], { quotes, open, columns }: TooDeep) {
  const kept = columns.slice(0, Math.max(0, MOST_NESTED - quotes));
  const nesting = { quotes: Math.min(quotes, MOST_NESTED), columns: kept, isFlat: true };
  const room = Math.max(0, MOST_NESTED - quotes - open);
  const isStep = open > 0 && columns.length === open + 1;
  if (isStep && room === 0 && quotes < MOST_NESTED) {
    return { line: moved(line, endOf(markers, quotes), kept.at(-2) ?? 0), nesting };
  }
  return { line: withoutMarkers(line, markers[Math.min(quotes, MOST_NESTED) + room]), nesting };
}

function markersOf(line: string): readonly Marker[] {
  const found: Marker[] = [];
  let end = 0;
  for (;;) {
    MARKER.lastIndex = end;
    const [whole, before = "", sign = "", after = ""] = MARKER.exec(line) ?? [];
    if (whole === undefined) return found;
    const at = end + before.length;
    // Five blanks and more are an indented code block behind one blank.
    const wide = sign === ">" ? Math.min(1, after.length) : after.length > 4 ? 1 : after.length;
    const column = at + sign.length + Math.max(1, wide);
    end += before.length + sign.length + wide;
    found.push({ isQuote: sign === ">", at, column, end });
  }
}

const leadingQuotes = (markers: readonly Marker[]): number => {
  const other = markers.findIndex(({ isQuote }) => !isQuote);
  return other < 0 ? markers.length : other;
};

/** Columns of blanks from `start`; a tab goes on to the next column that four divides. */
function indentOf(line: string, start: number): number {
  let width = 0;
  for (let at = start; at < line.length; at++) {
    if (line[at] === "\t") width += 4 - (width % 4);
    else if (line[at] === " ") width++;
    else break;
  }
  return width;
}

const moved = (line: string, start: number, indent: number): string =>
  line.slice(0, start) + " ".repeat(indent) + line.slice(start).trimStart();

/** The marker and all behind it become text. */
function withoutMarkers(line: string, marker: Marker | undefined): string {
  if (marker === undefined) return line;
  // A backslash does not stand before a digit: it takes the point behind the number.
  const digits = /\d*/y;
  digits.lastIndex = marker.at;
  const at = marker.at + (digits.exec(line)?.[0].length ?? 0);
  return `${line.slice(0, at)}\\${line.slice(at)}`;
}

/** A text whose quotes and lists nest no deeper than `MOST_NESTED`; code stays as it is. Linear in the text. */
export function flattenNesting(text: string): string {
  // A line that nests too deep has so many markers, or begins with so many blanks.
  if (!DEEP.test(text)) return text;
  const parts: string[] = [];
  for (const { kind, from, to } of readRegions(text)) {
    const source = text.slice(from, to);
    parts.push(kind === "code" ? source : flattenLines(source));
  }
  return parts.join("");
}

const DEEP = new RegExp(
  `^(?:[ \\t]*(?:[>+*-]|\\d{1,9}[.)])){${MOST_NESTED + 1}}|^[ \\t>]{${MOST_NESTED}}`,
  "m",
);

function flattenLines(text: string): string {
  let nesting = NO_NESTING;
  const lines = text.split("\n").map((line) => {
    const flat = flattenLine(line, nesting);
    nesting = flat.nesting;
    return flat.line;
  });
  return lines.join("\n");
}
