import {
  add,
  compare,
  divide,
  isWhole,
  multiply,
  negate,
  power,
  type Rational,
  rational,
  root,
  subtract,
  whole,
} from "./rational.ts";
import { type Notation, readNumber } from "./read-number.ts";
import type { Token } from "./tokens.ts";

/** What an expression comes to. */
export interface Value {
  readonly exact: Rational;
  /** Where it can lie if its decimal numbers were rounded. */
  readonly least: Rational;
  readonly most: Rational;
  readonly operations: number;
  /** The number that it consists of; undefined: it is calculated. */
  readonly written?: { readonly places: number; readonly percent: boolean };
  /** It can be read in another way. */
  readonly doubtful: boolean;
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly notation: Notation;
  at: number;
  operations: number;
  doubtful: boolean;
  /** Numbers with and without a percent sign. */
  readonly seen: Set<boolean>;
}

interface Range {
  readonly exact: Rational;
  readonly least: Rational;
  readonly most: Rational;
}

/** Evaluates an expression by the usual order of operations. Undefined: it is none, or not certainly one. */
export function evaluate(tokens: readonly Token[], notation: Notation): Value | undefined {
  const doubtful = tokens.some(({ isRange }) => isRange);
  const reader: Reader = { tokens, notation, at: 0, operations: 0, doubtful, seen: new Set() };
  const range = readSum(reader);
  if (!range || reader.at < tokens.length) return undefined;
  const [only] = tokens;
  const number = tokens.length === 1 && only ? readNumber(only.text, notation) : undefined;
  const written = number && { places: number.places, percent: only?.percent === true };
  const { operations } = reader;
  return { ...range, operations, ...(written && { written }), doubtful: reader.doubtful };
}

function take(reader: Reader, ...texts: readonly string[]): string | undefined {
  const token = reader.tokens[reader.at];
  if (token?.kind !== "operator" || !texts.includes(token.text)) return undefined;
  reader.at += 1;
  return token.text;
}

function readSum(reader: Reader): Range | undefined {
  let sum = readProduct(reader);
  let terms = 1;
  for (let sign = take(reader, "+", "-"); sum && sign; sign = take(reader, "+", "-")) {
    const next = readProduct(reader);
    sum = next && combine(sum, next, sign === "+" ? add : subtract);
    reader.operations += 1;
    terms += 1;
  }
  // "100 + 10 %" may mean 10 % of 100.
  if (terms > 1 && reader.seen.size > 1) reader.doubtful = true;
  return sum;
}

const OPERATIONS = { "*": multiply, "/": divide, mod: remainder } as const;

function readProduct(reader: Reader): Range | undefined {
  let product = readFactor(reader);
  for (let sign = take(reader, "*", "/", "mod"); product && sign;) {
    const next = readFactor(reader);
    const operation = sign === "*" || sign === "/" || sign === "mod" ? OPERATIONS[sign] : add;
    product = next && combine(product, next, operation);
    reader.operations += 1;
    sign = take(reader, "*", "/", "mod");
  }
  return product;
}

function remainder(a: Rational, b: Rational): Rational | undefined {
  if (!isWhole(a) || !isWhole(b) || b.n <= 0n) return undefined;
  return whole(((a.n % b.n) + b.n) % b.n);
}

function readFactor(reader: Reader): Range | undefined {
  if (!take(reader, "-")) return readPower(reader);
  const next = reader.tokens[reader.at];
  // A dash, or a base whose sign can be read in two ways.
  if (next?.glued !== true) return undefined;
  if (reader.tokens[reader.at + 1]?.text === "^") return undefined;
  const range = readPower(reader);
  return (
    range && { exact: negate(range.exact), least: negate(range.most), most: negate(range.least) }
  );
}

function readPower(reader: Reader): Range | undefined {
  const base = readAtom(reader);
  if (!base || !take(reader, "^")) return base;
  const exponent = readExponent(reader);
  if (exponent === undefined || reader.tokens[reader.at]?.text === "^") return undefined;
  reader.operations += 1;
  if (compare(base.least, whole(0n)) < 0) return undefined;
  const ends = [base.least, base.most].map((end) => power(end, exponent));
  const exact = power(base.exact, exponent);
  return exact && spanning(exact, ends);
}

/** A whole number, perhaps in brackets. */
function readExponent(reader: Reader): bigint | undefined {
  if (reader.tokens[reader.at]?.kind !== "open") return readSigned(reader);
  reader.at += 1;
  const exponent = readSigned(reader);
  const isClosed = reader.tokens[reader.at]?.kind === "close";
  reader.at += 1;
  return isClosed ? exponent : undefined;
}

function readSigned(reader: Reader): bigint | undefined {
  const isNegative = take(reader, "-") !== undefined;
  const token = reader.tokens[reader.at];
  if (token?.kind !== "number" || token.percent || !/^\d{1,4}$/.test(token.text)) return undefined;
  reader.at += 1;
  return isNegative ? -BigInt(token.text) : BigInt(token.text);
}

function readAtom(reader: Reader): Range | undefined {
  if (take(reader, "√")) return readRoot(reader);
  const token = reader.tokens[reader.at];
  if (token?.kind === "number") return readLiteral(reader, token);
  if (token?.kind !== "open") return undefined;
  reader.at += 1;
  const inner = readSum(reader);
  if (reader.tokens[reader.at]?.kind !== "close") return undefined;
  reader.at += 1;
  return inner;
}

function readRoot(reader: Reader): Range | undefined {
  const inner = readAtom(reader);
  const exact = inner && root(inner.exact);
  reader.operations += 1;
  return inner && exact && spanning(exact, [root(inner.least), root(inner.most)]);
}

function readLiteral(reader: Reader, token: Token): Range | undefined {
  const found = readNumber(token.text, reader.notation);
  if (!found) return undefined;
  reader.at += 1;
  const isPercent = token.percent === true;
  reader.seen.add(isPercent);
  const scale = isPercent ? 100n : 1n;
  const exact = rational(found.value.n, found.value.d * scale);
  const half = rational(found.places > 0 ? 1n : 0n, 2n * scale * 10n ** BigInt(found.places));
  const least = exact && half && subtract(exact, half);
  const most = exact && half && add(exact, half);
  return least && most && { exact, least, most };
}

type Operation = (a: Rational, b: Rational) => Rational | undefined;

/** The operations are monotone in each operand as long as no divisor can be 0. */
function combine(a: Range, b: Range, operation: Operation): Range | undefined {
  const exact = operation(a.exact, b.exact);
  if (!exact) return undefined;
  const zero = whole(0n);
  if (operation === divide && compare(b.least, zero) <= 0 && compare(b.most, zero) >= 0)
    return undefined;
  const ends = [a.least, a.most].flatMap((x) => [b.least, b.most].map((y) => operation(x, y)));
  return spanning(exact, operation === remainder ? [exact] : ends);
}

function spanning(exact: Rational, ends: readonly (Rational | undefined)[]): Range | undefined {
  const known = ends.filter((end) => end !== undefined).toSorted(compare);
  const [least, most] = [known[0], known.at(-1)];
  return known.length === ends.length && least && most ? { exact, least, most } : undefined;
}
