import { createReplyFilter } from "./reply-filter.ts";

/** The answer in a text that a model wrote, without thoughts and markup. */
export function answerIn(text: string): string {
  const filter = createReplyFilter();
  const pieces = [...filter.push(text), ...filter.end()];
  const from = pieces.findLastIndex(({ type }) => type === "retracted") + 1;
  return pieces
    .slice(from)
    .map((piece) => (piece.type === "text" ? piece.text : ""))
    .join("")
    .trim();
}
