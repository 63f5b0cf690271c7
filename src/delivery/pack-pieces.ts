import { type Fit, type Piece, sizeOf } from "./piece.ts";

/** A part as it grows; `lead` is what at its end belongs to the next piece. */
interface Part {
  readonly text: string;
  readonly lead: string;
}

/** Fills parts with pieces, in order, as many as fit into each. */
export function packPieces(pieces: readonly Piece[], fit: Fit): string[] {
  const parts: string[] = [];
  let part: Part = { text: "", lead: "" };
  for (const next of pieces) {
    const whole = part.text + part.lead;
    if (whole === "" || sizeOf(whole + next.gap + next.text, fit) <= fit.limit) {
      part = add(part, next);
      continue;
    }
    const lead = part.lead.trimStart();
    const moves = part.text !== "" && sizeOf(lead + next.gap + next.text, fit) <= fit.limit;
    parts.push(moves ? part.text : whole);
    part = add({ text: "", lead: moves ? lead : "" }, next);
  }
  return [...parts, part.text + part.lead];
}

function add({ text, lead }: Part, { gap, text: added, leads }: Piece): Part {
  const before = text + lead;
  const joined = before === "" ? added : gap + added;
  if (!leads) return { text: before + joined, lead: "" };
  return { text, lead: lead + (before === "" ? added : joined) };
}
