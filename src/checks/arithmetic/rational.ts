import { trimEndOf } from "../../text/trim-end-of.ts";

/** An exact number: `n` over `d`, with `d` above 0 and no common divisor. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** Numbers of more bits are left alone. */
const MOST_BITS = 2_000n;

const abs = (x: bigint): bigint => (x < 0n ? -x : x);

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [abs(a), abs(b)];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** Undefined: it divides by zero, or is too large to be exact about. */
export function rational(n: bigint, d: bigint): Rational | undefined {
  if (d === 0n || isLarge(n) || isLarge(d)) return undefined;
  const by = divisor(n, d) || 1n;
  const sign = d < 0n ? -1n : 1n;
  return { n: (sign * n) / by, d: (sign * d) / by };
}

const isLarge = (x: bigint): boolean => abs(x) >> MOST_BITS > 0n;

export const whole = (n: bigint): Rational => ({ n, d: 1n });

type Binary = (a: Rational, b: Rational) => Rational | undefined;
export const add: Binary = (a, b) => rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract: Binary = (a, b) => rational(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply: Binary = (a, b) => rational(a.n * b.n, a.d * b.d);
export const divide: Binary = (a, b) => rational(a.n * b.d, a.d * b.n);

/** Below 0: a is less. */
export const compare = (a: Rational, b: Rational): number => Number(sign(a.n * b.d - b.n * a.d));
const sign = (x: bigint): bigint => (x < 0n ? -1n : x > 0n ? 1n : 0n);

export const isWhole = ({ d }: Rational): boolean => d === 1n;
export const negate = ({ n, d }: Rational): Rational => ({ n: -n, d });
export const magnitude = ({ n, d }: Rational): Rational => ({ n: abs(n), d });

const MOST_EXPONENT = 1_000n;

/** A whole exponent. Undefined: too large. */
export function power(base: Rational, exponent: bigint): Rational | undefined {
  const times = abs(exponent);
  const bits = BigInt(Math.max(abs(base.n).toString(2).length, base.d.toString(2).length));
  if (times > MOST_EXPONENT || bits * times > MOST_BITS) return undefined;
  const [n, d] = [base.n ** times, base.d ** times];
  return exponent < 0n ? rational(d, n) : rational(n, d);
}

const ROOT_DIGITS = 10n ** 30n;

/** The root, to 15 digits where it is no rational number. Undefined: there is none. */
export function root({ n, d }: Rational): Rational | undefined {
  if (n < 0n) return undefined;
  const [a, b] = [wholeRoot(n), wholeRoot(d)];
  if (a * a === n && b * b === d) return rational(a, b);
  return rational(wholeRoot((n * ROOT_DIGITS) / d), wholeRoot(ROOT_DIGITS));
}

/** The whole part of the root, by Newton's method. */
function wholeRoot(x: bigint): bigint {
  if (x < 2n) return x;
  let guess = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + x / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

const MOST_PLACES = 6;

/** As people write it: "391", "-2.5", "3.333333" (rounded to six places). */
export function formatRational(value: Rational): string {
  if (isWhole(value)) return String(value.n);
  const { n, d } = magnitude(value);
  const scale = 10n ** BigInt(MOST_PLACES);
  const digits = String((2n * n * scale + d) / (2n * d)).padStart(MOST_PLACES + 1, "0");
  const places = trimEndOf(digits.slice(-MOST_PLACES), /0/);
  const left = digits.slice(0, -MOST_PLACES);
  return `${value.n < 0n ? "-" : ""}${left}${places === "" ? "" : `.${places}`}`;
}
