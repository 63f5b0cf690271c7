import { boundedPrior, HALF_INTERVAL, type Level, type Prior } from "./learn-levels.ts";
import type { ModelRecord } from "./turn-record.ts";

/** A track record counts no more than this, log-odds. */
const MOST_SKILL = 1.5;
/** An agent that is so much abler than the next stands out, log-odds: then track records count double, or the others outvote it. */
const OUTSTANDING = 0.8;
const DOUBLE = 2;

/** What is known of a model. */
type Known = Pick<ModelRecord, "model" | "level" | "half">;
type Measured = Pick<Level, "model" | "level" | "half">;

const average = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
const clip = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));

/**
 * How much the judgement of each of a team's seats counts: log-odds of being right against the team's mean, −1.5 to 1.5, or doubled up to 3 where one
 * stands out. `models`: one for each seat. A model without turns has its prior, on the scale of those that have some.
 */
export function skillsOf(
  models: readonly string[],
  known: readonly Known[],
  prior: Prior,
): readonly number[] {
  const bounded = boundedPrior(models, prior);
  const own = known.filter(({ model }) => models.includes(model));
  const levels = levelsOf(models, own.filter(isMeasured), bounded);
  const middle = average(levels);
  const [first = 0, second = 0] = levels.toSorted((a, b) => b - a);
  const weight = first - second >= OUTSTANDING ? DOUBLE : 1;
  return levels.map((level) => clip(weight * (level - middle), -MOST_SKILL, weight * MOST_SKILL));
}

const isMeasured = (known: Known): known is Measured => known.level !== null && known.half !== null;

function levelsOf(
  models: readonly string[],
  measured: readonly Measured[],
  prior: Prior,
): readonly number[] {
  const news = measured.map(({ model, level }) => level - prior(model));
  const shift = average(news);
  const share = shareOfSkill(news, measured);
  return models.map((model) => {
    const own = measured.find((one) => one.model === model);
    const learned = own ? own.level - prior(model) - shift : 0;
    return prior(model) + share * learned;
  });
}

/** How much of the differences is no chance (James and Stein): where they are no larger than their errors, none. */
function shareOfSkill(news: readonly number[], measured: readonly Measured[]): number {
  if (news.length < 2) return 0;
  const middle = average(news);
  const spread = news.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (news.length - 1);
  const error = average(measured.map(({ half }) => (half / HALF_INTERVAL) ** 2));
  return spread === 0 ? 0 : Math.max(0, 1 - error / spread);
}
