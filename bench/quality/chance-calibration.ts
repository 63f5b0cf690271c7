import { average } from "./question.ts";

/** A chance that a reviewer gave an answer, and whether the answer was right. */
export type Stated = readonly [chance: number, isRight: boolean];

/** All chances of one range. */
export interface ChanceBin {
  readonly count: number;
  /** Their mean, 0–1. */
  readonly stated: number;
  /** Share of the answers that were right, 0–1. */
  readonly right: number;
}

const BINS = 5;

/** Stated chances in ranges of 20 %. */
export function binChances(all: readonly Stated[]): readonly ChanceBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const some = all.filter(
      ([chance]) => Math.min(BINS - 1, Math.floor(chance * BINS + 1e-9)) === bin,
    );
    return {
      count: some.length,
      stated: average(some.map(([chance]) => chance)),
      right: average(some.map(([, isRight]) => Number(isRight))),
    };
  });
}

/** The same ranges of several settings together. */
export const mergeBins = (settings: readonly (readonly ChanceBin[])[]): readonly ChanceBin[] =>
  Array.from({ length: BINS }, (_, bin) => {
    const some = settings.flatMap((bins) => bins[bin] ?? []);
    const count = some.reduce((sum, one) => sum + one.count, 0);
    const mean = (of: (one: ChanceBin) => number) =>
      some.reduce((sum, one) => sum + one.count * of(one), 0) / Math.max(1, count);
    return { count, stated: mean(({ stated }) => stated), right: mean(({ right }) => right) };
  });

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Prints how far stated chances can be believed. */
export function printChances(bins: readonly ChanceBin[]): void {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return;
  const parts = bins.flatMap(({ count, stated, right }) =>
    count === 0 ? [] : [`${percent(stated)} → ${percent(right)} (${count})`],
  );
  const off = bins.reduce((sum, one) => sum + one.count * Math.abs(one.stated - one.right), 0);
  console.log(`Stated chances → share that was right (ballots): ${parts.join(", ")}`);
  console.log(`On average a stated chance is off by ${percent(off / total)}.`);
}
