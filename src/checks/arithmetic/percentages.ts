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

/** Percentages that a line states in words. */
export function percentagesIn({ text }: ProseLine): readonly Finding[] {
  if (text.length > 2_000 || !/%|per ?cent/i.test(text)) return [];
  const line = plainMath(text);
  return [...line.matchAll(PART)].flatMap((match): readonly Finding[] => {
    const [quote, share = "", base = "", verb = "", result = ""] = match;
    const readings = NOTATIONS.flatMap((notation) =>
      compareShare({ share, base, result }, /about|roughly|approx|≈/.test(verb), notation),
    );
    const [reading] = readings;
    if (!reading) return [];
    if (readings.some(({ comparison }) => comparison === "holds"))
      return [{ quote, verdict: "holds", note: "" }];
    const end = match.index + quote.length;
    const isCertain = ENDS.test(line.slice(end)) && !isSupposed(line, match.index, end);
    if (!isCertain || readings.some(({ comparison }) => comparison !== "fails")) return [];
    return [{ quote, verdict: "fails", note: `it is ${formatRational(reading.value.exact)}` }];
  });
}

function compareShare(
  { share, base, result }: Readonly<Record<"share" | "base" | "result", string>>,
  isAbout: boolean,
  notation: Notation,
) {
  const value: Value | undefined = evaluate(tokensOf(`${share}% × ${base}`), notation);
  const stated = evaluate(tokensOf(result), notation);
  return value && stated ? [{ value, comparison: compareValues(value, stated, isAbout) }] : [];
}
