import { trimEndOf } from "../../text/trim-end-of.ts";
import type { Value } from "./evaluate.ts";
import {
  add,
  compare,
  divide,
  isWhole,
  magnitude,
  multiply,
  type Rational,
  rational,
  subtract,
  whole,
} from "./rational.ts";

/** Whether a calculation holds; "unknown": it may have been rounded. */
export type Comparison = "holds" | "fails" | "unknown";

/** Farther apart than this, rounding does not explain it: 5 % between two calculations, 2 % where the answer says "about". */
const APART: Rational = { n: 1n, d: 20n };
const ABOUT: Rational = { n: 1n, d: 50n };

/** Holds both sides of a calculation against each other. `isAbout`: the answer says that it is not exact. */
export function compareValues(left: Value, right: Value, isAbout: boolean): Comparison {
  if (compare(left.exact, right.exact) === 0) return "holds";
  if (right.written) return compareStated(left, right, isAbout);
  if (left.written) return compareStated(right, left, isAbout);
  if (isAbout || overlap(left, right)) return "unknown";
  return isFarther(left.exact, right.exact, APART) ? "fails" : "unknown";
}

const overlap = (a: Value, b: Value): boolean =>
  compare(a.least, b.most) <= 0 && compare(b.least, a.most) <= 0;

/** A number that stands for the result of a calculation, rounded as it is written. */
function compareStated(computed: Value, stated: Value, isAbout: boolean): Comparison {
  const unit = unitOf(stated, isAbout);
  if (!unit) return "unknown";
  // What has no more digits than are written is not rounded.
  if (!isAbout && isWhole(divide(computed.exact, unit) ?? unit)) {
    return compare(gapTo(computed, stated.exact), zero) > 0 ? "fails" : "unknown";
  }
  if (compare(twice(distance(computed.exact, stated.exact)), unit) <= 0) return "holds";
  return isOut(computed, stated, { unit, isAbout }) ? "fails" : "unknown";
}

/** Beyond what rounding explains. */
function isOut(
  computed: Value,
  stated: Value,
  { unit, isAbout }: { readonly unit: Rational; readonly isAbout: boolean },
): boolean {
  const gap = gapTo(computed, stated.exact);
  if (!isAbout) return compare(gap, unit) > 0;
  return compare(gap, twice(unit)) > 0 && isFarther(computed.exact, stated.exact, ABOUT);
}

const zero = whole(0n);
const distance = (a: Rational, b: Rational): Rational => magnitude(subtract(a, b) ?? zero);
const twice = (value: Rational): Rational => add(value, value) ?? value;

/** What its last digit counts; with "about", trailing zeros are taken for rounded. */
function unitOf({ written, exact }: Value, isAbout: boolean): Rational | undefined {
  const { places = 0, percent = false } = written ?? {};
  const zeros = isAbout && places === 0 && isWhole(exact) ? trailingZeros(exact.n) : 0;
  return rational(10n ** BigInt(zeros), 10n ** BigInt(places) * (percent ? 100n : 1n));
}

function trailingZeros(n: bigint): number {
  const digits = String(n);
  return n === 0n ? 0 : digits.length - trimEndOf(digits, /0/).length;
}

/** How far a number lies from where the calculation can lie. */
function gapTo({ least, most }: Value, stated: Rational): Rational {
  const below = subtract(least, stated) ?? zero;
  const above = subtract(stated, most) ?? zero;
  const gap = compare(below, above) > 0 ? below : above;
  return compare(gap, zero) > 0 ? gap : zero;
}

function isFarther(a: Rational, b: Rational, share: Rational): boolean {
  const off = distance(a, b);
  const size = [magnitude(a), magnitude(b)].toSorted(compare).at(-1) ?? whole(0n);
  const bound = multiply(size, share);
  return bound !== undefined && compare(off, bound) > 0;
}

/** What turns one unit into another: minutes, hours, days, dozens, thousands. */
const CONVERSIONS = [7, 12, 24, 30, 52, 60, 365, 1000, 1024, 1440, 3600, 86_400];
const CLOSE: Readonly<Record<"from" | "to", Rational>> = {
  from: { n: 95n, d: 100n },
  to: { n: 105n, d: 100n },
};

/** Whether one may be the other in another unit. */
export const isConversion = (one: Rational, other: Rational): boolean =>
  isRatioOf(one, other, [...TENS, ...CONVERSIONS]);

/** Whether one may be the other in percent, in cents, or in thousands. */
export const isScaled = (one: Rational, other: Rational): boolean => isRatioOf(one, other, SCALES);

const TENS = Array.from({ length: 15 }, (_, at) => 10 ** (at + 1));
const SCALES = [100, 1e3, 1e6, 1e9];

function isRatioOf(one: Rational, other: Rational, factors: readonly number[]): boolean {
  const [low, high] = [magnitude(one), magnitude(other)].toSorted(compare);
  const ratio = low && high && divide(high, low);
  return !ratio || factors.some((factor) => isNear(ratio, whole(BigInt(factor))));
}

function isNear(ratio: Rational, factor: Rational): boolean {
  const least = multiply(factor, CLOSE.from);
  const most = multiply(factor, CLOSE.to);
  return (
    least !== undefined &&
    most !== undefined &&
    compare(ratio, least) >= 0 &&
    compare(ratio, most) <= 0
  );
}

/** The sum of some numbers. */
export const sumOf = (values: readonly Rational[]): Rational | undefined =>
  values.reduce<Rational | undefined>((sum, value) => sum && add(sum, value), whole(0n));
