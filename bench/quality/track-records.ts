import { average, logistic, places } from "./question.ts";

/** What a turn says about who is right, without knowing the truth. */
export interface TurnRecord {
  /** Seats by result. */
  readonly groups: readonly (readonly number[])[];
  /** What the reviewers say for each result, in log-odds. */
  readonly favours: readonly number[];
}

/** Turns that are remembered. */
const KEPT = 400;
const ROUNDS = 8;
/** Turns that an agent's record counts as before it has any. */
const SHRINK = 25;
/** Wrong answers that a question offers. */
const WRONG = 3;
const MOST_SKILL = 1.5;
/** Errors are shared, so each further author of a result counts half. */
const FURTHER = 0.5;

const logit = (chance: number): number => Math.log(chance / (1 - chance));
const clip = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));

/**
 * Track records of a team's seats from its turns: the log-odds of being right against the team's mean, by expectation and maximisation over who was
 * right. Turns in which all agree, or nobody does, say nothing. `prior`: what is known of each seat before, log-odds.
 */
export function learnSkills(
  turns: readonly TurnRecord[],
  prior: readonly number[],
): readonly number[] {
  const size = prior.length;
  const telling = turns
    .slice(-KEPT)
    .filter(({ groups }) => groups.length > 1 && groups.length < size);
  let chances: readonly number[] = prior.map(() => 0.7);
  for (const _ of places(ROUNDS)) chances = improve(telling, chances, prior);
  const levels = chances.map(logit);
  const middle = average(levels);
  return levels.map((level) => clip(level - middle, -MOST_SKILL, MOST_SKILL));
}

function improve(
  turns: readonly TurnRecord[],
  chances: readonly number[],
  prior: readonly number[],
): readonly number[] {
  const right = prior.map(() => 0);
  const seen = prior.map(() => 0);
  for (const turn of turns) {
    const shares = whoIsRight(turn, chances);
    for (const [at, group] of turn.groups.entries()) {
      for (const seat of group) {
        right[seat] = (right[seat] ?? 0) + (shares[at] ?? 0);
        seen[seat] = (seen[seat] ?? 0) + 1;
      }
    }
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const team = clip((sum(right) + 1) / (sum(seen) + 2), 0.05, 0.95);
  const middle = average(prior);
  return prior.map((level, seat) => {
    const before = logistic(logit(team) + level - middle);
    const share = ((right[seat] ?? 0) + SHRINK * before) / ((seen[seat] ?? 0) + SHRINK);
    return clip(share, 0.1, 0.97);
  });
}

/** The chance of each result to be the right one; one of them need not be. */
function whoIsRight(
  { groups, favours }: TurnRecord,
  chances: readonly number[],
): readonly number[] {
  const odds = groups.map((group, at) => {
    const [best = 0, ...further] = group
      .map((seat) => logit(chances[seat] ?? 0.5) + Math.log(WRONG))
      .toSorted((a, b) => b - a);
    return best + FURTHER * further.reduce((a, b) => a + b, 0) + (favours[at] ?? 0);
  });
  const all = [...odds, 0].map((value) => Math.exp(value - Math.max(...odds, 0)));
  const total = all.reduce((a, b) => a + b, 0);
  return all.slice(0, -1).map((value) => value / total);
}
