import type { Finding } from "../../coordination/check-result.ts";
import { type ProseLine, sentenceAround } from "../prose.ts";
import { isEnd, isStart } from "./boundaries.ts";
import { type Equation, isCertain, type Reading } from "./certainty.ts";
import { compareValues } from "./compare.ts";
import { evaluate } from "./evaluate.ts";
import { plainMath } from "./plain-math.ts";
import { formatRational } from "./rational.ts";
import { NOTATIONS, type Notation } from "./read-number.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** The calculations in a line: "17 × 23 = 391". What is not certainly one is left out. */
export function equationsIn({ text, bullet }: ProseLine): readonly Finding[] {
  if (text.length > LONGEST_LINE || !/[=≈≃≅≐]|equals|approx/.test(text)) return [];
  const line = plainMath(text);
  const tokens = tokensOf(line);
  return tokens.flatMap((token, at) => {
    if (token.kind !== "relation") return [];
    const equation = equationAt({ line, tokens, bullet, isMoney: /[$€£¥¢]/.test(text) }, at);
    return equation ? (judge(equation) ?? []) : [];
  });
}

const LONGEST_LINE = 2_000;

interface Place {
  readonly line: string;
  readonly tokens: readonly Token[];
  readonly bullet: string;
  readonly isMoney: boolean;
}

const MATH = new Set<Token["kind"]>(["number", "operator", "open", "close"]);

function equationAt(place: Place, at: number): Equation | undefined {
  const { tokens, line } = place;
  const from = reach(tokens, at, -1);
  const to = reach(tokens, at, 1);
  if (from === undefined || to === undefined) return undefined;
  const [left, right] = [tokens.slice(from, at), tokens.slice(at + 1, to + 1)];
  const [first, last] = [left[0], right.at(-1)];
  if (!first || !last) return undefined;
  const after = tokens[to + 1];
  if (!isStart(tokens, from) || !isEnd(after, tokens[to + 2])) return undefined;
  const isAbout = tokens[at]?.text === "≈" || ABOUT.test(sentenceAround(line, first.from, last.to));
  const { bullet, isMoney } = place;
  return { line, bullet, isMoney, left, right, isAbout, rest: tokens.slice(to + 1) };
}

const ABOUT =
  /~|\b(?:about|around|approx\w{0,8}|roughly|nearly|almost|circa|ca|round(?:ed|ing|s)?|estimat\w{1,4}|some)\b/i;

/** The last place of the run of mathematics in one direction; undefined: its brackets do not match. */
function reach(tokens: readonly Token[], at: number, step: -1 | 1): number | undefined {
  const [opens, closes] = step === 1 ? ["open", "close"] : ["close", "open"];
  let depth = 0;
  let place = at;
  for (let next = tokens[place + step]; next && MATH.has(next.kind); next = tokens[place + step]) {
    if (next.kind === opens) depth += 1;
    else if (next.kind === closes) depth -= 1;
    if (depth < 0) break;
    place += step;
  }
  return depth > 0 ? undefined : place;
}

/** What it comes to; undefined: it is no calculation, or says nothing for certain. */
function judge(equation: Equation): Finding | undefined {
  const readings = NOTATIONS.flatMap((notation) => readIn(equation, notation));
  const holds = readings.some(({ comparison }) => comparison === "holds");
  const fails = readings.length > 0 && readings.every(({ comparison }) => comparison === "fails");
  const [first, last] = [equation.left[0], equation.right.at(-1)];
  const [reading] = readings;
  if (!first || !last || !reading) return undefined;
  const quote = equation.line.slice(first.from, last.to);
  if (holds) return { quote, verdict: "holds", note: "" };
  return fails && isCertain(equation, readings)
    ? { quote, verdict: "fails", note: correction(reading) }
    : undefined;
}

function readIn({ left, right, isAbout }: Equation, notation: Notation): readonly Reading[] {
  const values = [evaluate(left, notation), evaluate(right, notation)];
  const [a, b] = values;
  if (!a || !b || a.operations + b.operations === 0) return [];
  return [{ left: a, right: b, comparison: compareValues(a, b, isAbout) }];
}

const correction = ({ left, right }: Reading): string => {
  const computed = right.written ? left : right.written === left.written ? undefined : right;
  return computed
    ? `it is ${formatRational(computed.exact)}`
    : `${formatRational(left.exact)} on the left, ${formatRational(right.exact)} on the right`;
};
