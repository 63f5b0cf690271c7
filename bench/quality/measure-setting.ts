import { binChances, type ChanceBin } from "./chance-calibration.ts";
import { chanceGain } from "./compare-ballots.ts";
import { type Estimate, gapClosed, percent } from "./gap.ts";
import { type Outcome, seatOf } from "./play-setting.ts";
import { average } from "./question.ts";
import { BALLOT_RULES } from "./rules.ts";
import { errorCorrelation, type Pairs, pairsIn, precisionOf } from "./shared-errors.ts";

/** What one rule does in one setting. */
export interface RuleFigures {
  /** Percent of the gap between MassGen's ballot and the oracle. */
  readonly gap: Estimate;
  /** Percent of the gap between the ablest agent and the oracle. */
  readonly single: Estimate;
  /** Points over the ablest agent. */
  readonly overAblest: Estimate;
  readonly right: number;
  /** Calls a turn, as a share of 2N + 1. */
  readonly calls: number;
  /** Tokens a turn. */
  readonly tokens: number;
  /** Share of the turns that nothing but age or people's choices decided, in percent. */
  readonly ties: number;
  readonly chances: readonly ChanceBin[];
  /** Share of the turns that were decided before the last ballot came, in percent. */
  readonly early: number;
  /** Of the turns in which it was known: share, and how often the answer was right. In percent. */
  readonly certainty: Readonly<Record<"agree" | "clear" | "split", Share>>;
}

export interface Share {
  readonly share: number;
  readonly right: number;
}

/** What is measured in one setting. Shares in percent. */
export interface SettingFigures {
  readonly name: string;
  readonly agents: number;
  readonly ablest: number;
  readonly massgen: number;
  readonly oracle: number;
  readonly unanimous: number;
  /** How far two agents' errors go together, −1 to 1. */
  readonly correlation: number;
  /** Percent of the pairs of answers that counted as one result and were right or wrong together. */
  readonly precision: number;
  /** Points that chances gain over scores. Null: not compared. */
  readonly chanceGain: Estimate | null;
  readonly rules: Readonly<Record<string, RuleFigures>>;
}

/** Sums up a setting's outcomes. `size`: the number of agents. */
export function measureSetting(
  name: string,
  outcomes: readonly Outcome[],
  { size, seed }: { readonly size: number; readonly seed: number },
): SettingFigures {
  const share = (of: (outcome: Outcome) => number | boolean) =>
    100 * average(outcomes.map((outcome) => Number(of(outcome))));
  const names = Object.keys(outcomes[0]?.choices ?? {});
  return {
    name,
    agents: share(({ agents }) => agents),
    ablest: share(({ ablest }) => ablest),
    massgen: share(({ plurality }) => plurality),
    oracle: share(({ oracle }) => oracle),
    unanimous: share(({ unanimous }) => unanimous),
    correlation: errorCorrelation(outcomes.map(({ right }) => right)),
    precision: precisionOf(outcomes.flatMap((outcome) => pairsOf(outcome))),
    chanceGain: names.includes(BALLOT_RULES.chance)
      ? chanceGain(outcomes, BALLOT_RULES, seed)
      : null,
    rules: Object.fromEntries(
      names.map((rule) => [rule, measureRule(rule, outcomes, { size, seed })]),
    ),
  };
}

const pairsOf = ({ choices, right }: Outcome): readonly Pairs[] => {
  const choice = Object.entries(choices).find(([name]) => name.startsWith("pooled"))?.[1];
  return choice ? [pairsIn(choice.groups, (id) => right[seatOf(id)] ?? false)] : [];
};

function measureRule(
  rule: string,
  outcomes: readonly Outcome[],
  { size, seed }: { readonly size: number; readonly seed: number },
): RuleFigures {
  const team = outcomes.map(({ choices }) => Number(choices[rule]?.right));
  const oracle = outcomes.map((outcome) => Number(outcome.oracle));
  const ablest = outcomes.map((outcome) => Number(outcome.ablest));
  const massgen = outcomes.map(({ plurality }) => Number(plurality));
  const calls = outcomes.map(({ choices }) => choices[rule]?.calls ?? 0);
  const early = outcomes.map(({ choices }) => Number(choices[rule]?.closedBy === "bound"));
  return {
    gap: gapClosed({ team, from: massgen, oracle }, seed),
    single: gapClosed({ team, from: ablest, oracle }, seed),
    overAblest: percent(
      team.map((value, at) => value - (ablest[at] ?? 0)),
      seed,
    ),
    right: 100 * average(team),
    calls: average(calls) / (2 * size + 1),
    tokens: average(outcomes.map(({ choices }) => choices[rule]?.tokens ?? 0)),
    ties: 100 * average(outcomes.map(({ choices }) => Number(choices[rule]?.isTie))),
    chances: binChances(outcomes.flatMap(({ choices }) => choices[rule]?.stated ?? [])),
    early: 100 * average(early),
    certainty: {
      agree: shareOf("agree", rule, outcomes),
      clear: shareOf("clear", rule, outcomes),
      split: shareOf("split", rule, outcomes),
    },
  };
}

function shareOf(kind: string, rule: string, outcomes: readonly Outcome[]): Share {
  const some = outcomes.flatMap(({ choices }) => {
    const choice = choices[rule];
    return choice?.certainty === kind ? [choice] : [];
  });
  return {
    share: (100 * some.length) / Math.max(1, outcomes.length),
    right: 100 * average(some.map(({ right }) => Number(right))),
  };
}
