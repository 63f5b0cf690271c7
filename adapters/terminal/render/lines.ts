import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { cleanText } from "../../../src/text/clean-text.ts";
import type { Look } from "./look.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const ASCII = /^[ -~]*$/;

/** Characters as readers count them: an emoji with its skin tone is one. */
export const graphemes = (text: string): readonly string[] =>
  ASCII.test(text) ? text.split("") : Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Width of a rendered line in columns. */
export const widthOf = (line: string): number =>
  ASCII.test(line) ? line.length : stringWidth(line);

const ESCAPE = "\u001B";
const RESET = `${ESCAPE}[0m`;
const BELL = "\u0007";
const LINK = `${ESCAPE}]8;;`;
const LINK_END = `${LINK}${BELL}`;

/** A text that leads to an address when it is clicked (OSC 8); other addresses than of the web and mail lead nowhere. */
export const linked = (text: string, url: string): string =>
  /^(?:https?:\/\/|mailto:)[!-~]{1,2000}$/.test(url)
    ? `${LINK}${url}${BELL}${text}${LINK_END}`
    : text;

/** Cuts a rendered line to a width in columns, and adds "…". */
export function cutToWidth(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  if (width <= 0) return "";
  let left = width - 1;
  let cut = "";
  let styled = false;
  for (const [index, part] of splitStyles(line).entries()) {
    if (index % 2 === 1) {
      cut += part;
      styled = true;
      continue;
    }
    const fitting = fit(part, left);
    cut += fitting;
    left -= widthOf(fitting);
    if (fitting !== part) break;
  }
  const open = styled && cut.lastIndexOf(LINK) > cut.lastIndexOf(LINK_END);
  return `${cut}…${open ? LINK_END : ""}${styled ? RESET : ""}`;
}

function fit(text: string, width: number): string {
  let fitting = "";
  let left = width;
  for (const grapheme of graphemes(text)) {
    left -= widthOf(grapheme);
    if (left < 0) break;
    fitting += grapheme;
  }
  return fitting;
}

/** Pads a line with spaces; never cuts it. */
export function padToWidth(
  line: string,
  width: number,
  align: "left" | "right" | "center" = "left",
): string {
  const gap = Math.max(0, width - widthOf(line));
  if (align === "right") return " ".repeat(gap) + line;
  const before = align === "center" ? Math.floor(gap / 2) : 0;
  return " ".repeat(before) + line + " ".repeat(gap - before);
}

const STYLES = new RegExp(
  `(${ESCAPE}\\[[\\d;]*m|${ESCAPE}\\]8;;(?:(?:https?://|mailto:)[!-~]*)?${BELL})`,
);

/** Keeps only text, colours and links of a rendered line, so that nothing else can reach the terminal. */
export function keepStyles(line: string): string {
  return line
    .split(STYLES)
    .map((part, index) => (index % 2 === 1 ? part : cleanText(part).replace(/[\n\t]/g, " ")))
    .join("");
}

/** Splits a rendered line: text at even indexes, colours at odd ones. */
export const splitStyles = (line: string): readonly string[] => line.split(STYLES);

// Longer lines are hard to read. Code and tables may be wider.
const PROSE_COLUMNS = 100;

/** Wraps prose to the terminal's width, up to a maximum. A long address or path stays whole, so that it can be copied. */
export function wrapProse(text: string, look: Look): string[] {
  const columns = Math.min(look.columns, PROSE_COLUMNS);
  const words = stripVTControlCharacters(text).split(/\s+/);
  const hasAddress = words.some((word) => word.length > columns && ASCII.test(word));
  return wrapAnsi(text, columns, { hard: !hasAddress }).split("\n");
}
