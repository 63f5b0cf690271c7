import stringWidth from "string-width";
import { splitStyles } from "./styles.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const ASCII = /^[ -~]*$/;

/** What a reader takes for characters: an emoji with its skin tone is one. */
export const graphemes = (text: string): readonly string[] =>
  ASCII.test(text) ? text.split("") : Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Columns that a rendered line takes. */
export const widthOf = (line: string): number =>
  ASCII.test(line) ? line.length : stringWidth(line);

const RESET = "\u001B[0m";

/** A rendered line cut to a width in columns, with "…" where it was cut. */
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
  return `${cut}…${styled ? RESET : ""}`;
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

/** Filled with spaces up to a width; never cut. */
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
