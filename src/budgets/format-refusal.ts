import { formatCount, formatDuration } from "../progress/format.ts";
import type { Estimate } from "./estimate-turn.ts";
import { formatAmount, formatLimit } from "./limit.ts";
import type { Reach } from "./reach.ts";
import { needOf, type Reading, type LimitStatus } from "./rules.ts";
import { typed } from "../text/spelling.ts";

/** Names for the reach of a limit, for "The limit for each person here is $5.00 a day". */
export const HOLDERS: Readonly<Record<Reach, string>> = {
  person: "each person here",
  channel: "this channel",
  space: "this space",
  all: "all of Parley",
};

interface RefusalFacts {
  readonly estimate: Estimate;
  /** The team's display name. */
  readonly team: string;
  readonly reading: Reading;
  /** Several workspaces share the installation's limit, so its amounts are not shown. */
  readonly isShared: boolean;
}

/** Says why the turn is refused, when the limit resets, and who can lift it. */
export function formatRefusal(status: LimitStatus, facts: RefusalFacts): string {
  const { rule } = status;
  if (isOperators(status, facts)) return operatorsRefusal(status, facts);
  const limit = `The limit for ${HOLDERS[rule.reach]} is ${formatLimit(rule.limit)}`;
  const lines = isTooSmall(status, facts.estimate)
    ? tooSmall(status, facts)
    : [takenOf(status, facts), freesUp(status, facts.reading)];
  return [`${limit}${lines.join(" ")}`, whoLifts(status)].join("\n");
}

/** Whether only the operator may see a limit's amounts. */
export const isOperators = (
  { rule }: Pick<LimitStatus, "rule">,
  { isShared }: Pick<RefusalFacts, "isShared">,
): boolean => rule.reach === "all" && isShared;

function operatorsRefusal(status: LimitStatus, { estimate, team, reading }: RefusalFacts): string {
  const lines = isTooSmall(status, estimate)
    ? [`One turn of ${team} does not fit the operator's limit: waiting does not help.`, SMALLER]
    : ["The operator's limit is reached.", freesUp(status, reading)];
  return [lines.join(" "), whoLifts(status)].join("\n");
}

/** Whether one turn exceeds the whole limit, so that waiting does not help. */
const isTooSmall = (status: LimitStatus, estimate: Estimate): boolean =>
  needOf(status, estimate) > status.limit;

const SMALLER = `A smaller team may fit (${typed("ask --team TEAM QUESTION")}).`;

const tooSmall = (status: LimitStatus, { estimate, team }: RefusalFacts) => [
  `, and one turn of ${team} is estimated at ${amountOf(status, needOf(status, estimate))}: waiting does not help.`,
  SMALLER,
];

function takenOf(status: LimitStatus, { estimate }: RefusalFacts): string {
  const { used, reserved, rule } = status;
  if (rule.limit.unit === "turns")
    return `, and ${formatCount(used, "turn")} ${used === 1 ? "was" : "were"} taken.`;
  const kept = reserved > 0 ? `, ${amountOf(status, reserved)} reserved for running turns` : "";
  const back = reserved > 0 ? " Unused reservations are released when those turns end." : "";
  const need = amountOf(status, needOf(status, estimate));
  return `: ${amountOf(status, used)} used${kept}; this turn is estimated at ${need}.${back}`;
}

/** "The limit frees up at 00:00 UTC, in 5h12m." */
const freesUp = ({ meter }: LimitStatus, { calendar, at }: Reading): string =>
  `The limit frees up at ${calendar.formatTime(meter.endsAt)}, in ${formatDuration(meter.endsAt - at)}.`;

function whoLifts({ rule }: LimitStatus): string {
  return rule.by === null
    ? "Only whoever runs Parley can raise it."
    : `An admin can let the next turn through (${typed("budget allow")}, then ${typed("retry")}) or change the limit (${typed("budget set")}).`;
}

/** Formats a number in the limit's unit. */
export const amountOf = ({ rule: { limit } }: LimitStatus, value: number): string =>
  formatAmount(limit.unit, limit.unit === "usd" ? value / 1e6 : value);
