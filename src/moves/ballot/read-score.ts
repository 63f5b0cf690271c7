import { type Arguments, fieldOf, isObject } from "./parse-arguments.ts";

/** A score as it was given. */
export interface GivenScore {
  readonly value: number;
  /** The top of its scale, if the score says it: "8/10", "85%". */
  readonly outOf?: number;
}

/** A name and what was given for it. */
export type Pair = readonly [name: unknown, score: GivenScore | undefined];

const NUMBER = String.raw`[-−+]?\d+(?:[.,]\d+)?`;
/** "8", "8.5", "8,5", "~8", "8/10", "9 out of 10", "9 von 10", "85%", "8 points", "Score: 8 (good)". */
const SCORE = new RegExp(
  String.raw`^(?:[\p{L}][\p{L} ]{0,20}[:=])?[~≈*\s]*(${NUMBER})\s*(?:(?:(%)|(?:/|out of|of|von|sur|de|из)\s*(\d+(?:[.,]\d+)?))\s*)?(?:\*+\s*)?(?:$|(?<=\s)|[(,;:.–—-]|(?:pts?|points?|punkte?)\b)`,
  "iu",
);
/** "8-9" is between the two. */
const RANGE = new RegExp(
  String.raw`^\s*(\d+(?:[.,]\d+)?)\s*[-–]\s*(\d+(?:[.,]\d+)?)\s*(?:$|/\s*(\d+)$)`,
);
const GRADE = /^\s*([A-F])\s*(?:([+\-−–])\s*)?$/i;
const STARS = /^\s*([★⭐]+)([☆]*)\s*$/u;
const LONGEST = 300;

const VALUES = [
  "score",
  "chance",
  "probability",
  "likelihood",
  "value",
  "rating",
  "points",
  "grade",
  "mark",
  "total",
  "overall",
  "overall_score",
  "final_score",
  "percentage",
  "percent",
  "number",
];
const TOPS = ["out_of", "max", "max_score", "maximum", "scale", "of"];

/** Reads a score in any spelling. Undefined: there is none. */
export function readScore(given: unknown): GivenScore | undefined {
  if (typeof given === "number") return Number.isFinite(given) ? { value: given } : undefined;
  if (typeof given === "string") return given.length > LONGEST ? undefined : readWords(given);
  if (Array.isArray(given)) return readScore(given[0]);
  return isObject(given) ? readFields(given) : undefined;
}

/** The value of an entry, and the top of its scale if it names one. */
export function readFields(entry: Arguments): GivenScore | undefined {
  const score = readScore(fieldOf(entry, VALUES));
  const top = topOf(fieldOf(entry, TOPS));
  return score && top !== undefined && score.outOf === undefined ? { ...score, outOf: top } : score;
}

/** "0-100", "1 to 5", 10. */
export function topOf(scale: unknown): number | undefined {
  if (typeof scale === "number") return scale > 0 ? scale : undefined;
  const last = typeof scale === "string" ? scale.match(/\d+/g)?.at(-1) : undefined;
  return last === undefined || Number(last) === 0 ? undefined : Number(last);
}

function readWords(words: string): GivenScore | undefined {
  return readRange(words) ?? readNumber(words) ?? readGrade(words) ?? readStars(words);
}

const numberOf = (text: string): number => Number(text.replace(",", ".").replace("−", "-"));

function readRange(words: string): GivenScore | undefined {
  const [, low, high, top] = RANGE.exec(words) ?? [];
  if (low === undefined || high === undefined) return undefined;
  return { value: (numberOf(low) + numberOf(high)) / 2, ...(top && { outOf: Number(top) }) };
}

function readNumber(words: string): GivenScore | undefined {
  const [, value, percent, top] = SCORE.exec(words.trim()) ?? [];
  if (value === undefined) return undefined;
  const outOf = percent ? 100 : top === undefined ? 0 : numberOf(top);
  return { value: numberOf(value), ...(outOf > 0 && { outOf }) };
}

/** A is 9, B is 7, …, F is 0; a sign is worth 0.7. */
function readGrade(words: string): GivenScore | undefined {
  const [, letter, sign] = GRADE.exec(words) ?? [];
  if (letter === undefined) return undefined;
  const base = Math.max(0, 9 - 2 * (letter.toUpperCase().charCodeAt(0) - "A".charCodeAt(0)));
  const shift = sign === undefined ? 0 : sign === "+" ? 0.7 : -0.7;
  return { value: Math.min(10, Math.max(0, base + shift)), outOf: 10 };
}

function readStars(words: string): GivenScore | undefined {
  const [, full, empty = ""] = STARS.exec(words) ?? [];
  if (full === undefined) return undefined;
  const top = Math.max(5, Array.from(full + empty).length);
  return { value: Array.from(full).length, outOf: top };
}
