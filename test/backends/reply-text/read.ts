import { expect } from "vitest";
import { createReplyFilter } from "../../../src/backends/reply-text/reply-filter.ts";
import type { ReplyPiece } from "../../../src/backends/reply-text/scan.ts";

/** What a text comes to that arrives in these pieces. */
export function read(pieces: readonly string[]) {
  const filter = createReplyFilter();
  const all = [...pieces.flatMap((piece) => filter.push(piece)), ...filter.end()];
  return { ...sum(all), shown: shownAtTimes(all) };
}

export function sum(all: readonly ReplyPiece[]) {
  const last = all.findLastIndex(({ type }) => type === "retracted");
  const of = (type: "text" | "thinking", from: readonly ReplyPiece[]) =>
    from.map((piece) => (piece.type === type ? piece.text : "")).join("");
  return {
    text: of("text", all.slice(last + 1)),
    thinking: of("text", all.slice(0, last + 1)) + of("thinking", all),
    calls: all.flatMap((piece) =>
      piece.type === "tool_call" ? [{ name: piece.name, arguments: piece.arguments }] : [],
    ),
  };
}

const shownAtTimes = (all: readonly ReplyPiece[]) =>
  all.flatMap((piece) => (piece.type === "text" ? [piece.text] : [])).join("");

export const whole = (text: string) => read([text]);
export const dripped = (text: string) => read(Array.from(text));

/** The same, however the network cuts it. */
export const both = (text: string) => {
  const { text: said, thinking, calls } = whole(text);
  const drops = dripped(text);
  expect({ said: drops.text, thinking: drops.thinking, calls: drops.calls }).toEqual({
    said,
    thinking,
    calls,
  });
  return { text: said.trim(), thinking: thinking.trim(), calls, shown: drops.shown };
};
