const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bplus\b/gi, "+"],
  [/\bminus\b|[−–]/gi, "-"],
  [/\b(times|multiplied by)\b|[×·]/gi, "*"],
  [/(?<=\d\s{0,9})x(?=\s{0,9}\d)/gi, "*"],
  [/\bdivided by\b|÷|(?<=\d\s{0,9}):(?=\s{0,9}\d)/gi, "/"],
  [/%\s*of\b|\bpercent of\b/gi, "/100 *"],
  [/(?<=\d),(?=\d{3}\b)/g, ""],
];

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const EXPRESSION = new RegExp(
  String.raw`[-(\s]{0,20}\d{1,40}(?:\.\d{1,40})?[\s)]{0,20}(?:[-+*/^][-(\s]{0,20}${NUMBER}[\s)]{0,20})+`,
  "g",
);
// 2026-11-23, 3-5 and 24/7 are not calculations, unless the question asks for their result.
const LOOKS_LIKE_A_DATE = /^\s*\d+([-/]\d+)+\s*$/;
const ASKS = /(what('s| is| are)|calculate|compute|how much( is| are)?|evaluate)\s*$/i;
const LONGEST = 200;

export interface Sum {
  readonly expression: string;
  readonly value: number;
}

/** The result of the first calculation in a text; null if there is none, or the result is not finite. */
export function findSum(text: string): Sum | null {
  const plain = WORDS.reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), text);
  for (const match of plain.matchAll(EXPRESSION)) {
    const expression = balanced(match[0].trim());
    const asked = ASKS.test(plain.slice(0, match.index)) || plain.trim() === expression;
    if (expression.length > LONGEST || (LOOKS_LIKE_A_DATE.test(expression) && !asked)) continue;
    const value = evaluate(expression);
    if (value !== null) return { expression, value };
  }
  return null;
}

/** Drops unmatched brackets of the surrounding sentence: "(3 + 4" in "(3 + 4 and so on)". */
function balanced(expression: string): string {
  const excess = expression.split("(").length - expression.split(")").length;
  if (excess > 0) return expression.replace(new RegExp(String.raw`^(\s*\(){${excess}}`), "");
  return excess < 0
    ? expression.replace(new RegExp(String.raw`(\)\s*){${-excess}}$`), "")
    : expression;
}

/** A recursive-descent parser for + − * / ^ and brackets; null for invalid input. */
export function evaluate(expression: string): number | null {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/^()]/g) ?? [];
  let at = 0;
  const next = () => tokens[at];
  const take = (sign: string) => tokens[at] === sign && ((at += 1), true);

  const power = (): number => {
    const base = atom();
    return take("^") ? base ** power() : base;
  };
  const atom = (): number => {
    if (take("-")) return -power();
    if (take("(")) {
      const inner = total();
      return take(")") ? inner : Number.NaN;
    }
    const token = next();
    at += 1;
    return token === undefined ? Number.NaN : Number(token);
  };
  const product = (): number => {
    let value = power();
    while (next() === "*" || next() === "/") {
      if (take("*")) value *= power();
      else if (take("/")) value /= power();
    }
    return value;
  };
  const total = (): number => {
    let value = product();
    while (next() === "+" || next() === "-") {
      if (take("+")) value += product();
      else if (take("-")) value -= product();
    }
    return value;
  };

  const value = total();
  return at === tokens.length && Number.isFinite(value) ? value : null;
}

/** At most six decimals, without trailing zeros. */
export const formatNumber = (value: number): string => String(Number(value.toFixed(6)));
