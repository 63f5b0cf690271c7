import { type Fit, type Piece, piece, sizeOf, wholeCharacters } from "./piece.ts";

const SENTENCE_END = /[.!?…:;。！？]["'”’)\]*_]*$/;
// At the start of a line, these would start a list, heading, quote, table, rule or fence.
const STARTS_BLOCK =
  /^\s*(?:[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|#{1,6}(?:\s|$)|[>|]|[-*_]{3}|~{3}|`{3})/;

/** Splits prose after a sentence, else at one of `cuts` (white space outside code, links and emphasis), else at any white space, else mid-word. */
export function splitWords(source: string, cuts: ReadonlySet<number>, fit: Fit): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  while (from < source.length) {
    const to = nextCut(source, from, cuts, fit);
    pieces.push(piece(source.slice(from, to).trimEnd(), pieces.length === 0 ? "" : " "));
    from = to + (/^\s*/.exec(source.slice(to))?.[0].length ?? 0);
  }
  return pieces;
}

function nextCut(source: string, from: number, cuts: ReadonlySet<number>, fit: Fit): number {
  const end = farthest(source, from, fit);
  if (end === source.length) return end;
  const half = from + (end - from) / 2;
  const blanks = blanksBetween(source, from + 1, end);
  const safe = blanks.filter((at) => cuts.has(at));
  const sentence = safe.find(
    (at) => at > half && SENTENCE_END.test(source.slice(Math.max(from, at - 8), at)),
  );
  return sentence ?? safe[0] ?? blanks[0] ?? wholeEnd(source, from, end);
}

/** The end of the longest text from `from` that fits. */
function farthest(source: string, from: number, fit: Fit): number {
  let end = Math.min(source.length, from + fit.limit);
  for (let over = 1; over > 0;) {
    over = sizeOf(source.slice(from, end), fit) - fit.limit;
    if (over > 0) end = Math.max(from + 1, end - over);
    if (end === from + 1) return end;
  }
  return end;
}

/** Possible line ends, last first. */
function blanksBetween(source: string, from: number, end: number): number[] {
  const found: number[] = [];
  for (let at = end; at >= from; at--) {
    if (/\s/.test(source[at] ?? "") && !STARTS_BLOCK.test(source.slice(at, at + 12)))
      found.push(at);
  }
  return found;
}

const wholeEnd = (source: string, from: number, end: number): number =>
  from + wholeCharacters(source.slice(from), end - from);
