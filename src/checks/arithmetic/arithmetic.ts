import type { Finding } from "../../coordination/check-result.ts";
import { inSlices, type Steps } from "../../slices.ts";
import type { Check } from "../check.ts";
import { proseLines, speaksOfMistakes } from "../prose.ts";
import { equationsIn } from "./equations.ts";
import { percentagesIn } from "./percentages.ts";
import { tableSumsIn } from "./table-sums.ts";

/** Text about another kind of arithmetic, or about rules that the answer makes up: nothing in it is called an error. */
const OTHER_ARITHMETIC =
  /\b(?:binary|octal|hex(?:adecimal)?|base[- ]?\d+|modul(?:o|ar|us)|bitwise|xor|boolean|parity|tropical|clock|o['’]clock|puzzles?|riddles?|ciphers?|patterns?|operator|floating[- ]point|IEEE|overflow|wraps? around|GF|finite field)\b|\(mod\b|≡|⊕|ℤ/i;

/** Recalculates what an answer calculates. Says nothing of what it cannot read for certain. */
export const ARITHMETIC: Check = {
  name: "arithmetic",
  run: ({ text }) => inSlices(reading(text)),
};

/** Line by line, so that long answers leave the event loop free. */
function* reading(text: string): Steps<readonly Finding[]> {
  const lines = proseLines(text);
  const found: Finding[] = [];
  for (const [at, line] of lines.entries()) {
    const inLine = [...equationsIn(line), ...percentagesIn(line)];
    found.push(...withoutMistakes(inLine, () => speaksOfMistakes(lines, at)));
    yield;
  }
  found.push(...tableSumsIn(lines));
  const unlike = OTHER_ARITHMETIC.test(text) || failMostly(found);
  return unlike ? found.filter(({ verdict }) => verdict !== "fails") : found;
}

const withoutMistakes = (
  findings: readonly Finding[],
  areTold: () => boolean,
): readonly Finding[] =>
  findings.some(({ verdict }) => verdict === "fails") && areTold()
    ? findings.filter(({ verdict }) => verdict !== "fails")
    : findings;

/** Several failures and hardly anything that holds: it follows rules of its own. */
function failMostly(findings: readonly Finding[]): boolean {
  const fails = findings.filter(({ verdict }) => verdict === "fails").length;
  return fails >= 3 && 2 * fails > findings.length;
}
