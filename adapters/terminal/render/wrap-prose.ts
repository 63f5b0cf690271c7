import wrapAnsi from "wrap-ansi";
import type { Look } from "./paint.ts";

// Longer lines of prose are hard to read; code and tables may be wider.
const PROSE_COLUMNS = 100;

/** Rendered text wrapped to the terminal, but never wider than prose should be. */
export const wrapProse = (text: string, look: Look): string[] =>
  wrapAnsi(text, Math.min(look.columns, PROSE_COLUMNS), { hard: true }).split("\n");
