import type { Steps } from "../slices.ts";
import type { MarkedRecord } from "./turn-record.ts";

/** Turns that a space remembers. */
export const KEPT_TURNS = 400;
const ROUNDS = 8;
/** Turns that a model's prior counts as. */
const SHRINK = 25;
/** Wrong answers that a question offers. */
const WRONG = 3;
/** Errors are shared, so each further model behind a result counts half. */
const FURTHER = 0.5;
/** What 👍 or 👎 says of the posted result, in log-odds. */
const MARK = 1.7;
/** The chance of a model without a record. */
const USUAL = 0.7;
/** Half of a 95 % interval, in standard errors. */
export const HALF_INTERVAL = 1.96;

/** How able a model is, as a space's turns have it. */
export interface Level {
  readonly model: string;
  /** Turns that say something about it. */
  readonly turns: number;
  /** Log-odds of being right, up to a constant of the space. */
  readonly level: number;
  /** Half of its 95 % interval. */
  readonly half: number;
}

/** Log-odds that are known of a model before any turn. */
export type Prior = (model: string) => number;

/** A prior says no more than this of a model, against the others: 0.6 in probit. */
const MOST_PRIOR = 1;

/** A prior against the mean of some models. */
export function boundedPrior(models: readonly string[], prior: Prior): Prior {
  const middle = average(models.map(prior));
  return (model) => clip(prior(model) - middle, -MOST_PRIOR, MOST_PRIOR);
}

interface Sum {
  /** Expected number of right answers. */
  right: number;
  seen: number;
  /** What remains unknown about them. */
  doubt: number;
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
const logit = (chance: number): number => Math.log(chance / (1 - chance));
const clip = (value: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, value));
const average = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/**
 * Track records without the truth: by expectation and maximisation (Dawid and Skene's one-coin model) over which result was right. Turns in which all
 * agree, or nobody does, say nothing of who is abler. In steps of one turn.
 */
export function* learnLevels(
  records: readonly MarkedRecord[],
  prior: Prior,
): Steps<readonly Level[]> {
  const telling = records.slice(-KEPT_TURNS).filter(isTelling);
  const models = [...new Set(telling.flatMap(({ results }) => results.flat()))].toSorted();
  const bounded = boundedPrior(models, prior);
  let chances = new Map(models.map((m) => [m, logistic(logit(USUAL) + bounded(m))]));
  let sums: ReadonlyMap<string, Sum> = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    sums = yield* sumUp(telling, chances);
    chances = improve(sums, bounded);
  }
  return models.map((model) => levelOf(model, chances.get(model) ?? USUAL, sums.get(model)));
}

/** Whether some agree and others do not. */
const isTelling = ({ results }: MarkedRecord): boolean =>
  results.length > 1 && results.length < results.flat().length;

function* sumUp(
  records: readonly MarkedRecord[],
  chances: ReadonlyMap<string, number>,
): Steps<ReadonlyMap<string, Sum>> {
  const sums = new Map<string, Sum>();
  for (const record of records) {
    const shares = whichIsRight(record, chances);
    for (const [at, result] of record.results.entries()) {
      for (const model of result) add(sums, model, shares[at] ?? 0);
    }
    yield;
  }
  return sums;
}

function add(sums: Map<string, Sum>, model: string, share: number): void {
  const sum = sums.get(model) ?? { right: 0, seen: 0, doubt: 0 };
  sum.right += share;
  sum.seen += 1;
  sum.doubt += share * (1 - share);
  sums.set(model, sum);
}

/** The chance of each result to be the right one; none of them need be. */
function whichIsRight(
  { results, reads, posted, marks }: MarkedRecord,
  chances: ReadonlyMap<string, number>,
): readonly number[] {
  const odds = results.map((result, at) => {
    const [best = 0, ...further] = result
      .map((model) => logit(chances.get(model) ?? USUAL) + Math.log(WRONG))
      .toSorted((a, b) => b - a);
    const behind = best + FURTHER * further.reduce((a, b) => a + b, 0);
    return behind + favourOf(reads, at) + (at === posted ? MARK * Math.sign(marks) : 0);
  });
  const most = Math.max(...odds, 0);
  const all = [...odds, 0].map((value) => Math.exp(value - most));
  const total = all.reduce((a, b) => a + b, 0);
  return all.slice(0, -1).map((value) => value / total);
}

/** What reviewers and people say for a result. */
function favourOf(reads: MarkedRecord["reads"], at: number): number {
  const said = reads.flatMap(({ weight, favours }) => {
    const favour = favours[at] ?? null;
    return favour === null ? [] : [{ weight, favour }];
  });
  const weight = said.reduce((sum, one) => sum + one.weight, 0);
  return weight === 0 ? 0 : said.reduce((sum, one) => sum + one.weight * one.favour, 0) / weight;
}

/** Shares of right answers, each drawn towards what was known before. */
function improve(sums: ReadonlyMap<string, Sum>, prior: Prior): Map<string, number> {
  const all = [...sums.values()];
  const right = all.reduce((sum, one) => sum + one.right, 0);
  const seen = all.reduce((sum, one) => sum + one.seen, 0);
  const usual = logit(clip((right + 1) / (seen + 2), 0.05, 0.95));
  return new Map(
    [...sums].map(([model, sum]) => {
      const before = logistic(usual + prior(model));
      return [model, clip((sum.right + SHRINK * before) / (sum.seen + SHRINK), 0.1, 0.97)];
    }),
  );
}

/** The interval is by Louis' observed information: what the turns would say if it were known who was right, less what is not known of that. */
function levelOf(model: string, chance: number, sum?: Sum): Level {
  const { seen, doubt } = sum ?? { seen: 0, doubt: 0 };
  const information = (seen + SHRINK) * chance * (1 - chance) - doubt;
  return {
    model,
    turns: seen,
    level: logit(chance),
    half: HALF_INTERVAL / Math.sqrt(Math.max(1, information)),
  };
}
