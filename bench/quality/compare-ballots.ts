import { type Estimate, percent } from "./gap.ts";
import type { Outcome } from "./play-setting.ts";

/** The two rules that differ in nothing but the ballot. */
export interface BallotRules {
  readonly score: string;
  readonly chance: string;
}

/** Points that `ballot: chance` gains over `ballot: score`, paired by question. */
export const chanceGain = (
  outcomes: readonly Pick<Outcome, "choices">[],
  { score, chance }: BallotRules,
  seed: number,
): Estimate =>
  percent(
    outcomes.map(({ choices }) => Number(choices[chance]?.right) - Number(choices[score]?.right)),
    seed,
  );

/** Questions from which a recommendation can follow. */
const ENOUGH = 30;

/** What to do about the ballot, by the gain in points and its interval. `questions`: how many it was measured on. */
export function recommend({ value, half }: Estimate, questions: number): string {
  if (questions < ENOUGH) {
    return `ballot: score. ${questions} questions are too few for a comparison; take at least ${ENOUGH}.`;
  }
  if (value - half > 0) return "ballot: chance.";
  if (value + half < 0) return "ballot: score.";
  const needed = value === 0 ? Infinity : Math.ceil(questions * (half / value) ** 2);
  const more = Number.isFinite(needed)
    ? ` About ${Math.max(needed, questions + 1)} questions would show a difference of this size.`
    : "";
  return `ballot: score, because no difference is shown.${more}`;
}

/** Prints the comparison, and what follows from it. */
export function printComparison(gain: Estimate, questions: number): void {
  const sign = gain.value >= 0 ? "+" : "";
  console.log(
    `ballot: chance against ballot: score, the same questions and answers: ${sign}${gain.value.toFixed(1)} ± ${gain.half.toFixed(1)} points on ${questions} questions.`,
  );
  console.log(`Recommended: ${recommend(gain, questions)}`);
}
