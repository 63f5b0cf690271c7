import { INTERRUPTS, lineAt, NOTHING_OPEN, type Open, readLine, readRegions } from "./regions.ts";

/** A stretch of a text that is parsed at once, and how it goes on from the one before. */
export interface Section {
  readonly kind: "code" | "text";
  readonly from: number;
  readonly to: number;
  /** Lines to read before it, which the one before holds: a table's header. */
  readonly lead: string;
  /** It begins within a line: what looks like the start of a block is none. */
  readonly isWithinLine: boolean;
  /** The cut went through a block: its two halves belong together. */
  readonly continues: boolean;
}

/**
 * What a section may cost to parse, in characters of plain prose. Parsers of Markdown take more than linear time for some texts; as no
 * section is larger, all of them together take linear time. Measured: 1,000 take 1–5 ms.
 */
export interface Most {
  /** From here on, the next place between two blocks ends the section. */
  readonly usual: number;
  /** Here it ends wherever it is. */
  readonly hard: number;
}
const MOST: Most = { usual: 1_500, hard: 4_000 };
const COST_OF_LINE = 24;
/** Of what a parser may look for the end of, time and again. */
const COST_OF_MARK = 24;
const MARK = /[*_~[\]<\\|`&@]|www\.|:\/\//g;
/** Of a list or quote that a line stands in. */
const COST_OF_LEVEL = 48;
const MOST_LEVELS = 10;
const LEVELS = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))*[ \t]*/;
const ITEM = /^( {0,3})(?:([-+*])|\d{1,9}([.)]))(?:[ \t]|$)/;
const HEADING = /^#{1,6}(?:[ \t]|$)/;

/** Sections in order; together they are the text. Cuts between blocks where that can be. Linear in the text. */
export function* readSections(text: string, most = MOST): Generator<Section> {
  for (const region of readRegions(text)) {
    if (region.kind === "code") yield { ...region, ...WHOLE };
    else yield* cutRegion(text, region, most);
  }
}

const WHOLE = { lead: "", isWithinLine: false, continues: false } as const;

interface Cutting extends Omit<Section, "kind" | "to"> {
  readonly cost: number;
}

function* cutRegion(
  text: string,
  region: { readonly from: number; readonly to: number },
  most: Most,
): Generator<Section> {
  const reader = createReader();
  let cutting: Cutting = { ...WHOLE, from: region.from, cost: 0 };
  const section = (to: number): Section => ({ kind: "text", ...cutting, to });
  for (let at = region.from; at < region.to;) {
    const line = lineAt(text, at);
    const found = reader.read(line, lineAt(text, at + line.length + 1));
    const header = reader.header();
    // A header that takes as long to read as many rows is not read again for them.
    const isLong = found === "row" && header.cost > most.usual / 2;
    const place = isLong ? "within" : found;
    const cost = costOf(line);
    const isDue = cutting.cost > most.usual && place !== "within";
    if (at > cutting.from && (isDue || cutting.cost + cost > most.hard)) {
      yield section(at);
      const lead = place === "row" ? header : NO_HEADER;
      const continues = place !== "between";
      cutting = { from: at, cost: lead.cost, lead: lead.text, isWithinLine: false, continues };
    }
    for (const cut of cutLine(line, most.hard)) {
      yield section(at + cut);
      cutting = { from: at + cut, cost: 0, lead: "", isWithinLine: true, continues: true };
    }
    cutting = {
      ...cutting,
      cost: cutting.cost + costOf(text.slice(Math.max(at, cutting.from), at + line.length)),
    };
    at += line.length + 1;
  }
  yield section(region.to);
}

const costOf = (line: string): number =>
  line.length +
  COST_OF_LINE +
  COST_OF_LEVEL * levelsOf(line) +
  COST_OF_MARK * (line.match(MARK)?.length ?? 0);

/** How deep a line nests at most, by the marks of items and quotes that it begins with and by its indentation. */
function levelsOf(line: string): number {
  const [before = ""] = LEVELS.exec(line) ?? [];
  const marks = before.match(/[^ \t]+/g)?.length ?? 0;
  const indent = /^[ \t]*/.exec(before)?.[0].length ?? 0;
  return Math.min(marks + (indent >> 1), MOST_LEVELS);
}

/** Where a line that costs too much is cut: between words where that can be. */
function cutLine(line: string, most: number): readonly number[] {
  if (costOf(line) <= most) return [];
  const marks = new Set(Array.from(line.matchAll(MARK), ({ index }) => index));
  const cuts: number[] = [];
  let cost = 0;
  let from = 0;
  let blank = 0;
  for (let at = 0; at < line.length; at++) {
    cost += marks.has(at) ? 1 + COST_OF_MARK : 1;
    if (line[at] === " ") blank = at + 1;
    if (cost <= most) continue;
    const end = blank > from ? blank : wholeEnd(line, at);
    if (end <= from) continue;
    cuts.push(end);
    from = end;
    cost = 0;
  }
  return cuts;
}

const wholeEnd = (line: string, at: number): number =>
  /[\uDC00-\uDFFF]/.test(line[at] ?? "") ? at - 1 : at;

/** Between two blocks; before another item of a list or row of a table, whose halves are joined again; or within a block. */
type Place = "between" | "item" | "row" | "within";

function createReader() {
  const state = { open: NOTHING_OPEN, sign: undefined as string | undefined, isQuote: false };
  const table = createTableReader();
  return {
    header: table.header,
    /** Where a cut before the line would be. */
    read(line: string, next: string): Place {
      const before = state.open;
      state.open = readLine(before, line);
      const mark = topMark(line, before);
      const place = placeOf(line, before, mark !== undefined && mark === state.sign);
      state.sign = mark ?? (place === "between" ? undefined : state.sign);
      const isLazy = goesOn(before, state.isQuote);
      state.isQuote = /^ {0,3}>/.test(line) || (state.isQuote && !state.open.isBlank);
      const isOther = mark !== undefined || place === "between" || STARTS_BLOCK.test(line);
      return table.read(line, isLazy ? "" : next, isOther) ?? place;
    },
  };
}

const STARTS_BLOCK = new RegExp(`${INTERRUPTS.source}|^ {4}|^\\s*$`);

function placeOf(line: string, { list, html, isBlank }: Open, isNext: boolean): Place {
  if (html || line.trim() === "") return "within";
  if (HEADING.test(line)) return "between";
  if (isNext && list !== undefined) return "item";
  return isBlank && !/^[ \t]/.test(line) ? "between" : "within";
}

/** Whether a line goes on what is above, so that no table begins with it. */
const goesOn = ({ html, list, isBlank }: Open, isQuote: boolean): boolean =>
  html !== undefined || (!isBlank && (list !== undefined || isQuote));

/** What begins a table, and what it costs to read. */
interface Header {
  readonly text: string;
  readonly cost: number;
}
const NO_HEADER: Header = { text: "", cost: 0 };

function createTableReader() {
  let header = NO_HEADER;
  let isRule = false;
  return {
    /** Of the table that goes on. */
    header: () => header,
    /** Undefined: the line is in no table. */
    read(line: string, next: string, isOther: boolean): Place | undefined {
      if (header !== NO_HEADER && !isOther) {
        const place = isRule ? "within" : "row";
        isRule = false;
        return place;
      }
      isRule = isTableHead(line, next);
      const text = `${line}\n${next}\n`;
      header = isRule ? { text, cost: costOf(text) } : NO_HEADER;
      return undefined;
    },
  };
}

/** The sign of an item of a list at the top level. */
function topMark(line: string, { list = 4 }: Open): string | undefined {
  const item = ITEM.exec(line);
  const [, indent = "", bullet, point] = item ?? [];
  return item && indent.length < list ? (bullet ?? point) : undefined;
}

const isTableHead = (line: string, next: string): boolean =>
  line.includes("|") && next.includes("-") && /^[ \t|:-]+$/.test(next) && /^ {0,3}\S/.test(line);
