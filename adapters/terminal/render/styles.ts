import { cleanText } from "../../../src/text/clean-text.ts";

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
