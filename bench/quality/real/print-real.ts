import { type Estimate, gapClosed, percent } from "../gap.ts";
import { printShares } from "../print-shares.ts";
import { average } from "../question.ts";
import type { Answered } from "./answered.ts";

const whole = ({ value, half }: Estimate): string => `${value.toFixed(0)} ± ${half.toFixed(0)}`;

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
  console.log(`\n${"rule".padEnd(34)}     right %  gap closed %  single → oracle %  calls  ties %`);
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
      (100 * average(choices.map(({ isTie }) => Number(isTie)))).toFixed(0).padStart(8),
    ];
    console.log(`${rule.padEnd(34)}${cells.join("")}`);
  }
}

/** Prints how far the agents' errors go together, and what their agreement is worth. */
export function printAgreement(answered: readonly Answered[]): void {
  printShares(answered.flatMap(({ choices }) => choices["pooled"] ?? []));
  const all = answered.reduce((sum, { pairs }) => sum + pairs.all, 0);
  const alike = answered.reduce((sum, { pairs }) => sum + pairs.alike, 0);
  if (all > 0) {
    console.log(
      `Of ${all} pairs that counted as one result, ${((100 * alike) / all).toFixed(0)} % were right or wrong together.`,
    );
  }
  const size = answered[0]?.right.length ?? 0;
  const phis = Array.from({ length: size }, (_, a) =>
    Array.from({ length: a }, (__, b) => correlation(answered, a, b)),
  ).flat();
  console.log(`Being right correlates ${average(phis).toFixed(2)} between two agents.`);
}

function correlation(answered: readonly Answered[], a: number, b: number): number {
  const [x, y] = [a, b].map((seat) => answered.map(({ right }) => Number(right[seat])));
  const [mx, my] = [average(x ?? []), average(y ?? [])];
  const spread = Math.sqrt(mx * (1 - mx) * my * (1 - my));
  const both = average((x ?? []).map((value, at) => value * (y?.[at] ?? 0)));
  return spread === 0 ? 0 : (both - mx * my) / spread;
}
