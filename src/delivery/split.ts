import { flattenNesting } from "../markdown/flatten-nesting.ts";
import type { Capabilities } from "../platform.ts";
import { finish, type Steps } from "../slices.ts";
import { type Block, parsingBlocks } from "./markdown-blocks.ts";
import { packPieces } from "./pack-pieces.ts";
import { type Fit, type Piece, dedent, indent, linesWithin, piece, sizeOf } from "./piece.ts";
import { splitFence, splitTable } from "./split-lines.ts";
import { splitWords } from "./split-words.ts";

/**
 * Splits Markdown into parts of at most `limit` UTF-16 code units, preferably between blocks. Reopens code blocks with their info string,
 * repeats table headers, cuts lists between items and prose between sentences. Loses no text. Linear time for any input.
 */
export function* splittingMarkdown(text: string, limit: number): Steps<string[]> {
  const source = text.replace(/\r\n?/g, "\n");
  if (source.length <= limit) return [source];
  return yield* split(flattenNesting(source), { limit, perLine: 0, level: 0 });
}

/** The synchronous version, for texts of up to about 10,000 characters. */
export const splitMarkdown = (text: string, limit: number): string[] =>
  finish(splittingMarkdown(text, limit));

/** How long a text is as it is posted; absent: its own length. */
export type Measure = Pick<Capabilities, "lengthOf">;

export const lengthIn = ({ lengthOf }: Measure, text: string): number =>
  lengthOf?.(text) ?? text.length;

const MOST_TRIES = 4;

/** Splits Markdown into parts that are posted with at most `most` characters. What still is too long after some tries stays so. */
export function* splittingToFit(text: string, most: number, measure: Measure): Steps<string[]> {
  let parts = yield* splittingMarkdown(text, most);
  for (let tries = 1; tries < MOST_TRIES; tries++) {
    const fitting: string[] = [];
    for (const part of parts) {
      const length = lengthIn(measure, part);
      const share = Math.min(1, most / length) * 0.9;
      if (length <= most) fitting.push(part);
      else fitting.push(...(yield* splittingMarkdown(part, Math.ceil(part.length * share))));
    }
    if (fitting.length === parts.length) return parts;
    parts = fitting;
  }
  return parts;
}

function* split(source: string, fit: Fit): Steps<string[]> {
  const pieces: Piece[] = [];
  for (const block of yield* parsingBlocks(source)) {
    for (const cut of yield* splitBlock(block, fit)) pieces.push(cut);
    yield;
  }
  return packPieces(pieces, fit);
}

/** The whole block if it fits, else its pieces. */
function* splitBlock(block: Block, fit: Fit): Steps<Piece[]> {
  if (sizeOf(block.source, fit) <= fit.limit) {
    return [piece(block.source, block.gap, block.kind === "heading")];
  }
  const [first, ...rest] = yield* cutBlock(block, fit);
  return first ? [{ ...first, gap: block.gap }, ...rest] : [];
}

function* cutBlock({ kind, source, items, cuts }: Block, fit: Fit): Steps<Piece[]> {
  switch (kind) {
    case "fence":
      return splitFence(source, fit);
    case "table":
      return splitTable(source, fit);
    case "list":
      return yield* splitItems(items.map(numbered), fit);
    case "quote":
      return yield* splitQuote(source, fit);
    case "prose":
    case "heading":
      return splitWords(source, cuts(), fit);
    case "other":
      return linesWithin(source, fit);
  }
}

const QUOTE = "> ";

function* splitQuote(source: string, fit: Fit): Steps<Piece[]> {
  const inner = source.replace(/^ {0,3}> ?/gm, "");
  const room = within(fit, QUOTE.length);
  if (isTight(room)) return linesWithin(source, fit);
  const parts = yield* split(inner, room);
  return parts.map((part) => piece(part.replace(/^/gm, QUOTE), "\n\n"));
}

/** Numbers that Markdown counts up itself are written out: a list that is split goes on counting. */
function numbered({ source, gap, number }: Block["items"][number]): Block["items"][number] {
  const [whole, blanks = "", digits = ""] = /^(\s*)(\d{1,9})(?=[.)])/.exec(source) ?? [];
  if (whole === undefined || number === undefined) return { source, gap, number };
  const more = Math.max(0, String(number).length - digits.length);
  const rest = indent(source.slice(whole.length), more);
  return { source: blanks + number + rest, gap, number };
}

const MARKER = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)/;

function* splitItems(items: Block["items"], fit: Fit): Steps<Piece[]> {
  const pieces: Piece[] = [];
  for (const item of items) pieces.push(...(yield* splitItem(item, fit)));
  return pieces;
}

/** The first piece of a long list item keeps its marker. The rest are plain blocks, because a new message cannot continue an item. */
function* splitItem(item: Block["items"][number], fit: Fit): Steps<Piece[]> {
  if (sizeOf(item.source, fit) <= fit.limit) return [piece(item.source, item.gap)];
  const marker = MARKER.exec(item.source)?.[0].replace("\n", "") ?? "";
  const room = within(fit, marker.length);
  if (marker === "" || isTight(room)) return linesWithin(item.source, fit);
  const content = dedent(item.source.slice(marker.length), marker.length);
  const [first = "", ...rest] = yield* split(content, room);
  return [
    piece(marker + indent(first, marker.length), item.gap),
    ...rest.map((part) => piece(part, "\n\n")),
  ];
}

const within = ({ limit, perLine, level }: Fit, width: number): Fit => ({
  limit,
  perLine: perLine + width,
  level: level + 1,
});

/** Deeper nesting is split by lines, because each level costs another parse. */
const MOST_LEVELS = 4;

/** Whether nesting is too deep to parse, or its markers would fill the parts. */
const isTight = ({ limit, perLine, level }: Fit): boolean =>
  level > MOST_LEVELS || perLine * 4 > limit;
