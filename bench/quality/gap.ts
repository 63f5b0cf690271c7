import { createRandom } from "../random.ts";
import { average } from "./question.ts";

/** An estimate with half the width of its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly half: number;
}

const RESAMPLES = 300;
const SHARE = 0.95;

/** How far a team gets from one measure to the oracle, in percent: 0, no better than the measure; 100, right wherever any agent is. Per question, each 0 or 1. */
export function gapClosed(
  given: {
    readonly team: readonly number[];
    readonly from: readonly number[];
    readonly oracle: readonly number[];
  },
  seed: number,
): Estimate {
  const { team, from, oracle } = given;
  const gain = team.map((value, at) => value - (from[at] ?? 0));
  const room = oracle.map((value, at) => value - (from[at] ?? 0));
  return bootstrap(team.length, seed, (draw) => {
    let [won, open] = [0, 0];
    for (const at of draw) {
      won += gain[at] ?? 0;
      open += room[at] ?? 0;
    }
    return open === 0 ? 0 : (100 * won) / open;
  });
}

/** The mean in percent. */
export const percent = (values: readonly number[], seed: number): Estimate =>
  bootstrap(values.length, seed, (draw) => {
    let sum = 0;
    for (const at of draw) sum += values[at] ?? 0;
    return (100 * sum) / Math.max(1, draw.length);
  });

function bootstrap(
  count: number,
  seed: number,
  measure: (draw: readonly number[]) => number,
): Estimate {
  const random = createRandom(seed);
  const all = Array.from({ length: count }, (_, at) => at);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    measure(all.map(() => Math.floor(random() * count))),
  ).sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.round(share * (RESAMPLES - 1))] ?? 0;
  const half = (at(0.5 + SHARE / 2) - at(0.5 - SHARE / 2)) / 2;
  return { value: measure(all), half };
}

/** The mean of independent estimates. */
export function meanOf(estimates: readonly Estimate[]): Estimate {
  const square = estimates.reduce((sum, { half }) => sum + half ** 2, 0);
  return {
    value: average(estimates.map(({ value }) => value)),
    half: Math.sqrt(square) / Math.max(1, estimates.length),
  };
}
