import { type Estimate, gapClosed, percent } from "./gap.ts";
import type { Outcome } from "./play-setting.ts";
import { average } from "./question.ts";

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
    rules: Object.fromEntries(
      names.map((rule) => [rule, measureRule(rule, outcomes, { size, seed })]),
    ),
  };
}

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
