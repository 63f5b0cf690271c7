import { parseBlocks } from "./markdown-blocks.ts";
import type { Block } from "./markdown-blocks.ts";
import { packPieces } from "./pack-pieces.ts";
import { type Fit, type Piece, dedent, indent, linesWithin, piece, sizeOf } from "./piece.ts";
import { splitFence, splitTable } from "./split-lines.ts";
import { splitWords } from "./split-words.ts";

/**
 * Splits Markdown into parts of at most `limit` UTF-16 code units, between blocks where it can. A code block is closed and opened again
 * with its info string, a table repeats its header row, a list is cut between items, prose between sentences, and nothing is lost.
 */
export function splitMarkdown(text: string, limit: number): string[] {
  const source = text.replace(/\r\n?/g, "\n");
  if (source.length <= limit) return [source];
  return split(source, { limit, perLine: 0 });
}

const split = (source: string, fit: Fit): string[] =>
  packPieces(
    parseBlocks(source).flatMap((block) => splitBlock(block, fit)),
    fit,
  );

/** The block as it is if it fits, else the pieces it can be cut into. */
function splitBlock(block: Block, fit: Fit): Piece[] {
  if (sizeOf(block.source, fit) <= fit.limit) {
    return [piece(block.source, block.gap, block.kind === "heading")];
  }
  const [first, ...rest] = cutters[block.kind](block, fit);
  return first ? [{ ...first, gap: block.gap }, ...rest] : [];
}

const cutters: Readonly<Record<Block["kind"], (block: Block, fit: Fit) => Piece[]>> = {
  fence: ({ source }, fit) => splitFence(source, fit),
  table: ({ source }, fit) => splitTable(source, fit),
  list: ({ items }, fit) => items.flatMap((item) => splitItem(item, fit)),
  quote: ({ source }, fit) => splitQuote(source, fit),
  prose: ({ source, cuts }, fit) => splitWords(source, cuts, fit),
  heading: ({ source, cuts }, fit) => splitWords(source, cuts, fit),
  other: ({ source }, fit) => linesWithin(source, fit),
};

const QUOTE = "> ";

function splitQuote(source: string, fit: Fit): Piece[] {
  const inner = source.replace(/^ {0,3}> ?/gm, "");
  const room = { ...fit, perLine: fit.perLine + QUOTE.length };
  if (isTight(room)) return linesWithin(source, fit);
  return split(inner, room).map((part) => piece(part.replace(/^/gm, QUOTE), "\n\n"));
}

const MARKER = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)/;

/** The first piece of a long item keeps its marker; the others follow as plain blocks, since a new message cannot continue an item. */
function splitItem(item: Block["items"][number], fit: Fit): Piece[] {
  if (sizeOf(item.source, fit) <= fit.limit) return [piece(item.source, item.gap)];
  const marker = MARKER.exec(item.source)?.[0].replace("\n", "") ?? "";
  const room = { ...fit, perLine: fit.perLine + marker.length };
  if (marker === "" || isTight(room)) return linesWithin(item.source, fit);
  const content = dedent(item.source.slice(marker.length), marker.length);
  const [first = "", ...rest] = split(content, room);
  return [
    piece(marker + indent(first, marker.length), item.gap),
    ...rest.map((part) => piece(part, "\n\n")),
  ];
}

/** Nested so deep that the markers would fill the parts. */
const isTight = ({ limit, perLine }: Fit): boolean => perLine * 4 > limit;
