import { readRegions } from "../markdown/regions.ts";
import { codeRegions } from "../links/code-regions.ts";

/** A line of prose. */
export interface ProseLine {
  readonly text: string;
  /** Its first mark was a list's bullet. */
  readonly bullet: string;
}

/** Of an answer; what follows is not read. */
const MOST_LINES = 1_000;

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The lines of an answer that are its own prose: code, quotations and what is struck out become blank. Bullets and numbers of lists are taken off. */
export function proseLines(markdown: string): readonly ProseLine[] {
  return withoutCode(markdown)
    .replace(/~~[^~\n]{1,300}~~/g, blank)
    .replace(/\bhttps?:\/\/[^\s)>\]]{1,2000}/g, blank)
    .split("\n", MOST_LINES)
    .map((line) => (/^ {0,3}>/.test(line) ? "" : line))
    .map((line) => {
      const bullet = /^[ \t]{0,20}(?:[-*+•]|\d{1,3}[.)])[ \t]+/.exec(line)?.[0] ?? "";
      return { text: line.slice(bullet.length), bullet: bullet.trim() };
    });
}

function withoutCode(markdown: string): string {
  let text = "";
  for (const { kind, from, to } of readRegions(markdown)) {
    const part = markdown.slice(from, to);
    text += kind === "code" ? blank(part) : part;
  }
  let at = 0;
  let prose = "";
  for (const { from, to } of [...codeRegions(text)].toSorted((a, b) => a.from - b.from)) {
    if (from < at) continue;
    prose += text.slice(at, from) + blank(text.slice(from, to));
    at = to;
  }
  return prose + text.slice(at);
}

/** What an answer says of a mistake, in the same line or the ones beside it. */
const MISTAKEN =
  /\b(?:wrong(?:ly)?|incorrect(?:ly)?|mistakes?|mistaken(?:ly)?|errors?|erroneous(?:ly)?|false(?:ly)?|typos?|misprints?|myth|fallacy|miscalculat\w{1,6}|claim(?:s|ed)?|alleged(?:ly)?|contradict\w{0,6}|falsch|incorrecto?|faux)\b|[❌✗✘]/i;
/** What makes a sentence no statement of its own. */
const SUPPOSED =
  /\b(?:if|suppose\w{0,3}|assum(?:e|es|ed|ing)|imagine|pretend|say|says|said|wrote|writes|written|instead|not|never|nor|neither|cannot|can't|isn't|wasn't|doesn't|don't|didn't|actually|should|would|could|unless|whether|hypothetical\w{0,2}|think|thinks|thought|believes?|believed|treats?|treated|considers?|considered|wenn|nicht|si)\b|n['’]t\b|≠|\?/i;

/** Whether a line's neighbourhood calls something in it a mistake. */
export const speaksOfMistakes = (lines: readonly ProseLine[], at: number): boolean =>
  lines.slice(Math.max(0, at - 1), at + 2).some(({ text }) => MISTAKEN.test(text));

/** Whether the sentence around a place is a supposition, a question or a denial. */
export function isSupposed(line: string, from: number, to: number): boolean {
  return SUPPOSED.test(sentenceAround(line, from, to));
}

/** A sentence ends with a mark and a space: points in numbers end none. */
export function sentenceAround(line: string, from: number, to: number): string {
  const before = [...line.slice(0, from).matchAll(/[.!?;][ \t]/g)].at(-1);
  const after = /[.!?;](?:[ \t]|$)/.exec(line.slice(to));
  const start = before ? before.index + 1 : 0;
  return line.slice(start, after ? to + after.index + 1 : line.length);
}
