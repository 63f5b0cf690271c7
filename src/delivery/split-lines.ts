import { type Fit, type Piece, groupLines, linesWithin, piece, sizeOf } from "./piece.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Each piece becomes a complete code block, with the original fence and info string. */
export function splitFence(source: string, fit: Fit): Piece[] {
  const [open = "", ...rest] = source.split("\n");
  const fence = FENCE.exec(open)?.[1];
  if (fence === undefined) return linesWithin(source, fit);
  const closed = rest.at(-1)?.trim().startsWith(fence) ?? false;
  const room = without(fit, `${open}\n\n${fence}`);
  if (room.limit < fit.limit / 2) return linesWithin(source, fit);
  return groupLines(closed ? rest.slice(0, -1) : rest, room).map((lines) =>
    piece(`${open}\n${lines}\n${fence}`, "\n\n"),
  );
}

/** Each piece becomes a table with the same header row. Rows that cannot fit below the header are split as text. */
export function splitTable(source: string, fit: Fit): Piece[] {
  const lines = source.split("\n");
  const head = lines.slice(0, 2).join("\n");
  const rows = lines.slice(2);
  const room = without(fit, `${head}\n`);
  if (rows.some((row) => sizeOf(row, fit) > room.limit)) return linesWithin(source, fit);
  return groupLines(rows, room).map((group) => piece(`${head}\n${group}`, "\n\n"));
}

/** The capacity that remains after `frame`, the lines that every piece repeats. */
const without = (fit: Fit, frame: string): Fit => ({
  ...fit,
  limit: fit.limit - frame.length - fit.perLine * (frame.split("\n").length - 1),
});
