import { type Fit, type Piece, sizeOf } from "./piece.ts";

/** A part under construction; `lead` is trailing text that must stay with the next piece. */
interface Part {
  readonly text: string;
  readonly lead: string;
  /** The size of `text` and `lead` together. */
  readonly size: number;
}

/** Packs pieces into parts in order, as many as fit into each. */
export function packPieces(pieces: readonly Piece[], fit: Fit): string[] {
  const parts: string[] = [];
  let part: Part = { text: "", lead: "", size: 0 };
  for (const next of pieces) {
    const grown = add(part, next, fit);
    if (part.size === 0 || grown.size <= fit.limit) {
      part = grown;
      continue;
    }
    const lead = part.lead.trimStart();
    const moves = part.text !== "" && sizeOf(lead + next.gap + next.text, fit) <= fit.limit;
    parts.push(moves ? part.text : part.text + part.lead);
    const start = moves ? lead : "";
    part = add({ text: "", lead: start, size: start === "" ? 0 : sizeOf(start, fit) }, next, fit);
  }
  parts.push(part.text + part.lead);
  return parts;
}

/** Sizes are added up, because measuring the whole part for each piece would be quadratic. */
function add({ text, lead, size }: Part, { gap, text: added, leads }: Piece, fit: Fit): Part {
  const isFirst = size === 0;
  const joined = isFirst ? added : gap + added;
  // The first added line continues the last existing line.
  const grown = size + sizeOf(joined, fit) - (isFirst ? 0 : fit.perLine);
  return leads
    ? { text, lead: lead + joined, size: grown }
    : { text: text + lead + joined, lead: "", size: grown };
}
