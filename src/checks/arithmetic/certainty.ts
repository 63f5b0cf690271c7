import type { Token } from "./tokens.ts";
import { type Comparison, compareValues, isConversion, isScaled } from "./compare.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { compare, whole } from "./rational.ts";
import { isSupposed } from "../prose.ts";

/** A calculation in a line. */
export interface Equation {
  readonly line: string;
  /** Of the list that the line stands in. */
  readonly bullet: string;
  readonly left: readonly Token[];
  readonly right: readonly Token[];
  readonly isAbout: boolean;
  /** Some of its amounts are in dollars, others perhaps in cents. */
  readonly isMoney: boolean;
  /** The tokens behind it. */
  readonly rest: readonly Token[];
}

/** Both sides in one notation of numbers. */
export interface Reading {
  readonly left: Value;
  readonly right: Value;
  readonly comparison: Comparison;
}

/** Whether a calculation that fails is nothing but an error. */
export function isCertain(equation: Equation, readings: readonly Reading[]): boolean {
  const { line, left, right } = equation;
  const [from, to] = [left[0]?.from ?? 0, right.at(-1)?.to ?? 0];
  return (
    !isSupposed(line, from, to) &&
    !mayChange(equation, readings) &&
    !isBinary([...left, ...right]) &&
    !isProverbial(left) &&
    !isMinusOfBullet(equation) &&
    readings.some((reading) => isPlain(reading, equation))
  );
}

/** Neither side can be read in another way. */
function isPlain(
  { left, right }: Reading,
  { left: words, right: others, isMoney }: Equation,
): boolean {
  if (left.doubtful || right.doubtful) return false;
  // "7 + 8 = 3 mod 12" is a congruence.
  if (others.some(({ text }) => text === "mod")) return false;
  const mayScale = isMoney || [...words, ...others].some(isScalable);
  if (mayScale && isScaled(left.exact, right.exact)) return false;
  if (isLoneRange(words, right)) return false;
  if (isLoneFraction(words) && isConversionOrFar(left, right)) return false;
  return !continues(left, others);
}

const isScalable = ({ percent, text }: Token): boolean => percent === true || GROUPED.test(text);

/** A thousand, or a number with three decimals. */
const GROUPED = /^\d{1,3}[.,]\d{3}$/;

/** "3 - 7 = 5 chapters". */
const isLoneRange = (tokens: readonly Token[], { exact }: Value): boolean => {
  const [low, sign, high] = tokens;
  return (
    tokens.length === 3 &&
    sign?.text === "-" &&
    Number(low?.text) < Number(high?.text) &&
    compare(exact, whole(0n)) > 0
  );
};

/** "9/11", "4/5 stars": a date, or a mark. */
const isLoneFraction = (tokens: readonly Token[]): boolean =>
  tokens.length === 3 && tokens[1]?.text === "/" && tokens[1].glued && tokens[2]?.glued === true;

const isConversionOrFar = (left: Value, right: Value): boolean =>
  isConversion(left.exact, right.exact) || compare(right.exact, whole(2n)) >= 0;

/** "5 + 3 = 8 × 2 = 16" goes on with the result. */
function continues(left: Value, right: readonly Token[]): boolean {
  const first = right[0];
  const value = first && right.length > 1 ? evaluate([first], "point") : undefined;
  return value !== undefined && compare(value.exact, left.exact) === 0;
}

/** Words that change what stands before them. */
const CHANGES =
  /^(?:more|less|fewer|times|percent|pct|percentage|of|or|to|mod|modulo|million|billion|trillion|thousand|lakh|crore|hundred|dozens?|pairs?|and|with|remainder|rest|r|plus|minus|over|in|base|from|x|th)$/i;
const TIME = /^(?:h|hrs?|hours?|am|pm|days?|nights?|weeks?|months?|years?|min|minutes?)$/i;

/** Whether the words behind it may make another number or unit of the result. */
function mayChange({ left, rest }: Equation, readings: readonly Reading[]): boolean {
  const [after] = rest;
  if (after?.kind !== "word") return false;
  const isSpan = left.length === 3 && left[1]?.text === "-" && TIME.test(after.text);
  return (
    isSpan ||
    CHANGES.test(after.text) ||
    hasNumberBehind(rest) ||
    readings.every((reading) => isConversion(reading.left.exact, reading.right.exact))
  );
}

/** "2 h 30 min". The raised number of "12 m²" belongs to its unit. */
function hasNumberBehind([, ...words]: readonly Token[]): boolean {
  const behind = words[0]?.text === "^" ? words.slice(2) : words;
  return behind.slice(0, 4).some(({ kind }) => kind === "number");
}

const isBinary = (tokens: readonly Token[]): boolean =>
  tokens.every(({ kind, text }) => kind !== "number" || /^[01]+$/.test(text));

/** "2 + 2 = 5", "1 + 1 = 3". */
const isProverbial = (tokens: readonly Token[]): boolean =>
  tokens.every(({ kind, text }) => kind !== "number" || text === "1" || text === "2");

/** A bullet may be the sign of the first number. */
const isMinusOfBullet = ({ bullet, left, right, isAbout }: Equation): boolean => {
  if (bullet !== "-" && bullet !== "+") return false;
  const [first] = left;
  if (!first) return false;
  const minus = { ...first, kind: "operator" as const, text: "-" };
  const negated = [minus, { ...first, glued: true }, ...left.slice(1)];
  const values = [evaluate(negated, "point"), evaluate(right, "point")];
  const [a, b] = values;
  return a !== undefined && b !== undefined && compareValues(a, b, isAbout) !== "fails";
};
