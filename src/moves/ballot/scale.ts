import type { GivenScore } from "./read-score.ts";

/** Slightly above 10 is a slip on the asked scale, not another scale. */
const SLIP = 12;

/**
 * Puts a ballot's scores on the asked scale, 0 to 10. Recognises the scale by the whole ballot, never by one score: 90, 70 and 8 are all out of
 * 100. `top` is the top of the scale, if the ballot names it. A scale of 5 looks like strict scores of 10, so it must be named.
 */
export function toTen(scores: readonly GivenScore[], top?: number): readonly number[] {
  const tops = new Set(scores.flatMap(({ outOf }) => outOf ?? []));
  const named = tops.size === 1 ? [...tops][0] : undefined;
  const plain = scores.filter(({ outOf }) => outOf === undefined).map(({ value }) => value);
  const scale = top ?? fitting(named, plain) ?? scaleOf(plain);
  return scores.map(({ value, outOf = scale }) => Math.min(10, Math.max(0, (value * 10) / outOf)));
}

/** Chances as tenths: 85 % is 8.5. Given in percent, or all of them as fractions of 1. */
export function fromChances(chances: readonly GivenScore[]): readonly number[] {
  const values = chances.map(({ value }) => value);
  const isFraction =
    Math.max(0, ...values) <= 1 && values.some((value) => !Number.isInteger(value));
  return chances.map(({ value, outOf = isFraction ? 1 : 100 }) =>
    Math.min(10, Math.max(0, (value * 10) / outOf)),
  );
}

/** A scale that one score names holds for the others too, if they fit it. */
const fitting = (named: number | undefined, plain: readonly number[]): number | undefined =>
  named !== undefined && plain.every((value) => value <= named) ? named : undefined;

function scaleOf(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  const hasFractions = values.some((value) => !Number.isInteger(value));
  if (most <= 1 && hasFractions) return 1;
  const isSlip = most <= SLIP && Math.min(...values) <= 10;
  if (most <= 10 || isSlip) return 10;
  return [20, 100, 1000].find((scale) => most <= scale) ?? most;
}
