import { stripVTControlCharacters } from "node:util";

// Directional overrides and isolates can make text read as something else; line separators, annotations and tags hide text.
const INVISIBLE = /[\u202A-\u202E\u2066-\u2069\u061C\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
const CONTROLS = /(?![\n\t])\p{Cc}/gu;

/** Text from outside, safe to print: no escape sequence, control character (but line feed and tab), or directional trick survives. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROLS, "")
    .replace(INVISIBLE, "");
}

/** `cleanText` on one line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ").trim();

const ESCAPE = "\u001B";
const STYLES = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

/** A rendered line as it may reach the terminal: colours and text; whatever else a renderer let through is dropped here. */
export function keepStyles(line: string): string {
  return line
    .split(STYLES)
    .map((part, index) => (index % 2 === 1 ? part : cleanText(part).replace(/[\n\t]/g, " ")))
    .join("");
}

/** The parts of a rendered line: text at even places, colours at odd ones. */
export const splitStyles = (line: string): readonly string[] => line.split(STYLES);
