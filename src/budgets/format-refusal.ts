import { formatCount, formatDuration } from "../progress/format.ts";
import type { Estimate } from "./estimate-turn.ts";
import { formatAmount, formatLimit } from "./limit.ts";
import type { Reach } from "./reach.ts";
import { needOf, type Reading, type Standing } from "./rules.ts";

/** Whom a limit holds for, as people say it: "each person here has $5.00 a day". */
export const HOLDERS: Readonly<Record<Reach, string>> = {
  person: "each person here",
  channel: "this channel",
  space: "this space",
  all: "all of Parley",
};

interface RefusalFacts {
  readonly estimate: Estimate;
  /** What people call the team. */
  readonly team: string;
  readonly reading: Reading;
  /** The limit on all of Parley counts what other workspaces use too, which is not told. */
  readonly isShared: boolean;
}

/** Why nobody answers, when that ends, and who can end it sooner. */
export function formatRefusal(standing: Standing, facts: RefusalFacts): string {
  const { rule } = standing;
  if (isOperators(standing, facts)) return operatorsRefusal(standing, facts);
  const limit = `The limit for ${HOLDERS[rule.reach]} is ${formatLimit(rule.limit)}`;
  const lines = isTooSmall(standing, facts.estimate)
    ? tooSmall(standing, facts)
    : [takenOf(standing, facts), freesUp(standing, facts.reading)];
  return [`${limit}${lines.join(" ")}`, whoLifts(standing)].join("\n");
}

/** Whether a limit's amounts are the operator's alone to see. */
export const isOperators = (
  { rule }: Pick<Standing, "rule">,
  { isShared }: Pick<RefusalFacts, "isShared">,
): boolean => rule.reach === "all" && isShared;

function operatorsRefusal(standing: Standing, { estimate, team, reading }: RefusalFacts): string {
  const lines = isTooSmall(standing, estimate)
    ? [`One turn of ${team} does not fit the operator's limit: waiting does not help.`, SMALLER]
    : ["The operator's limit is reached.", freesUp(standing, reading)];
  return [lines.join(" "), whoLifts(standing)].join("\n");
}

/** Waiting does not help. */
const isTooSmall = (standing: Standing, estimate: Estimate): boolean =>
  needOf(standing, estimate) > standing.limit;

const SMALLER = "A smaller team may fit (`ask --team TEAM QUESTION`).";

const tooSmall = (standing: Standing, { estimate, team }: RefusalFacts) => [
  `, and one turn of ${team} is estimated at ${amountOf(standing, needOf(standing, estimate))}: waiting does not help.`,
  SMALLER,
];

function takenOf(standing: Standing, { estimate }: RefusalFacts): string {
  const { used, reserved, rule } = standing;
  if (rule.limit.unit === "turns")
    return `, and ${formatCount(used, "turn")} ${used === 1 ? "was" : "were"} taken.`;
  const kept = reserved > 0 ? `, ${amountOf(standing, reserved)} kept back for running turns` : "";
  const back = reserved > 0 ? " What those do not use is free again when they end." : "";
  const need = amountOf(standing, needOf(standing, estimate));
  return `: ${amountOf(standing, used)} used${kept}; this turn is estimated at ${need}.${back}`;
}

/** "The limit frees up at 00:00 UTC, in 5h12m." */
const freesUp = ({ meter }: Standing, { calendar, at }: Reading): string =>
  `The limit frees up at ${calendar.formatTime(meter.endsAt)}, in ${formatDuration(meter.endsAt - at)}.`;

function whoLifts({ rule }: Standing): string {
  return rule.by === null
    ? "Only whoever runs Parley can raise it."
    : "An admin can let the next turn through (`budget allow`, then `retry`) or change the limit (`budget set`).";
}

/** A number in the unit of a limit, as people read it. */
export const amountOf = ({ rule: { limit } }: Standing, value: number): string =>
  formatAmount(limit.unit, limit.unit === "usd" ? value / 1e6 : value);
