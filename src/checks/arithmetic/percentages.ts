import type { Finding } from "../../coordination/check-result.ts";
import { isSupposed, type ProseLine } from "../prose.ts";
import { compareValues } from "./compare.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { plainMath } from "./plain-math.ts";
import { formatRational } from "./rational.ts";
import { NOTATIONS, type Notation } from "./read-number.ts";
import { tokensOf } from "./tokens.ts";

const NUMBER = String.raw`\d(?:[\d.,'’\u00A0\u202F]{0,30}\d)?`;
const IS = String.raw`(?:is|equals|makes|comes to|=|is about|is roughly|is approximately|≈)`;
/** "15 % of 80 is 12", "12 is 15 % of 80". */
const PART = new RegExp(
  String.raw`(?<![\p{L}\d.,/])(?<![-+−×*/–] ?)(${NUMBER}) ?(?:%|percent|per cent) of (${NUMBER}) (${IS}) (${NUMBER})(?![\d%/°]| ?[%+−×*/^–]| ?-|[.,:]\d)`,
  "giu",
);
/** What may follow the result without changing it. */
const ENDS = /^(?:$|[.,;)!](?:\s|$)|\s(?:and|so|which|because|but|then)\b)/;

/** "33 %" is often a third. */
const FRACTIONS = /^(?:11|14|16|17|33|34|66|67|83)$/;

/** Percentages that a line states in words. */
export function percentagesIn({ text }: ProseLine): readonly Finding[] {
  if (text.length > 2_000 || !/%|per ?cent/i.test(text)) return [];
  const line = plainMath(text);
  return [...line.matchAll(PART)].flatMap((match) => judge(line, match) ?? []);
}

function judge(line: string, match: RegExpExecArray): Finding | undefined {
  const { 0: quote, index: from } = match;
  const readings = NOTATIONS.flatMap((notation) => compareShare(partsOf(match), notation));
  const [reading] = readings;
  if (!reading) return undefined;
  if (readings.some(({ comparison }) => comparison === "holds"))
    return { quote, verdict: "holds", note: "" };
  if (readings.some(({ comparison }) => comparison !== "fails")) return undefined;
  const to = from + quote.length;
  const isOpen = !ENDS.test(line.slice(to)) || isSupposed(line, from, to);
  if (isOpen || FRACTIONS.test(partsOf(match).share)) return undefined;
  return { quote, verdict: "fails", note: `it is ${formatRational(reading.value.exact)}` };
}

const partsOf = ([, share = "", base = "", verb = "", result = ""]: RegExpExecArray) => ({
  share,
  base,
  result,
  isAbout: /about|roughly|approx|≈/.test(verb),
});

function compareShare(
  { share, base, result, isAbout }: ReturnType<typeof partsOf>,
  notation: Notation,
) {
  const value: Value | undefined = evaluate(tokensOf(`${share}% × ${base}`), notation);
  const stated = evaluate(tokensOf(result), notation);
  return value && stated ? [{ value, comparison: compareValues(value, stated, isAbout) }] : [];
}
