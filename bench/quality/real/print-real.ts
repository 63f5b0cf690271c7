import { binChances, printChances } from "../chance-calibration.ts";
import { type Estimate, gapClosed, percent } from "../gap.ts";
import { printShares } from "../print-shares.ts";
import { average } from "../question.ts";
import { BALLOT_RULES } from "../rules.ts";
import { errorCorrelation, precisionOf } from "../shared-errors.ts";
import type { Answered } from "./answered.ts";

const whole = ({ value, half }: Estimate): string => `${value.toFixed(0)} ± ${half.toFixed(0)}`;

/** The mean of a turn; a dash where a price is unknown. */
function dollars(costs: readonly (number | null)[]): string {
  const known = costs.filter((cost) => cost !== null);
  return known.length < costs.length ? "–" : average(known).toFixed(4);
}

/** Prints how often each agent, each rule and the oracle were right. */
export function printReal(
  names: readonly string[],
  answered: readonly Answered[],
  seed: number,
): void {
  const oracle = answered.map((one) => Number(one.oracle));
  const singles = names.map((_, seat) => answered.map(({ right }) => Number(right[seat])));
  const best = singles.toSorted((a, b) => average(b) - average(a))[0] ?? [];
  const massgen = answered.map(({ plurality }) => Number(plurality));
  console.log("\nright %");
  for (const [seat, name] of names.entries()) {
    console.log(`${name.padEnd(34)}${whole(percent(singles[seat] ?? [], seed)).padStart(12)}`);
  }
  console.log(`${"oracle".padEnd(34)}${whole(percent(oracle, seed)).padStart(12)}`);
  console.log(
    `\n${"rule".padEnd(34)}     right %  gap closed %  single → oracle %  calls   tokens  dollars  ties %`,
  );
  for (const rule of Object.keys(answered[0]?.choices ?? {})) {
    const choices = answered.flatMap((one) => one.choices[rule] ?? []);
    const team = choices.map(({ right }) => Number(right));
    const cells = [
      whole(percent(team, seed)).padStart(12),
      whole(gapClosed({ team, from: massgen, oracle }, seed)).padStart(14),
      whole(gapClosed({ team, from: best, oracle }, seed)).padStart(19),
      average(choices.map(({ calls }) => calls))
        .toFixed(1)
        .padStart(7),
      average(choices.map(({ tokens }) => tokens))
        .toFixed(0)
        .padStart(9),
      dollars(choices.map(({ costUsd }) => costUsd)).padStart(9),
      (100 * average(choices.map(({ isTie }) => Number(isTie)))).toFixed(0).padStart(8),
    ];
    console.log(`${rule.padEnd(34)}${cells.join("")}`);
  }
}

/** Prints how far the agents' errors go together, and what their agreement and their stated chances are worth. */
export function printAgreement(answered: readonly Answered[]): void {
  const unanimous = average(answered.map((one) => Number(one.unanimous)));
  console.log(
    `All answers claimed the same in ${(100 * unanimous).toFixed(0)} % of the questions.`,
  );
  printShares(answered.flatMap(({ choices }) => choices["pooled"] ?? []));
  const pairs = answered.map((one) => one.pairs);
  const all = pairs.reduce((sum, one) => sum + one.all, 0);
  if (all > 0) {
    console.log(
      `Of ${all} pairs that counted as one result, ${precisionOf(pairs).toFixed(0)} % were right or wrong together.`,
    );
  }
  const phi = errorCorrelation(answered.map(({ right }) => right));
  console.log(`Being right correlates ${phi.toFixed(2)} between two agents.`);
  const stated = answered.flatMap(({ choices }) => choices[BALLOT_RULES.chance]?.stated ?? []);
  printChances(binChances(stated));
}
