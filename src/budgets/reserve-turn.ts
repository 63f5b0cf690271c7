import type { TurnId } from "../ids.ts";
import type { Repositories } from "../store/store.ts";
import { type Estimate, estimateThread } from "./estimate-turn.ts";
import { firstAnswers, tooSmallForFirst } from "./first-answers.ts";
import { formatRefusal } from "./format-refusal.ts";
import { useGrant } from "./grants.ts";
import type { Where } from "./reach.ts";
import { fits, meterOf, type Reading, type LimitStatus, limitStatusOf } from "./rules.ts";
import {
  allRules,
  type BudgetsOptions,
  dayMeters,
  type Estimated,
  estimateOf,
  NO_ESTIMATE,
  teamMeter,
} from "./survey.ts";

/** A requested turn. */
export interface Asking extends Where, Estimated {
  readonly turn: TurnId;
  /** The person's display name. */
  readonly name: string;
}

/** Why a turn is refused. */
export interface Refusal {
  /** For the person who asked. */
  readonly text: string;
  /** The same with all amounts, for admins of the installation. */
  readonly detail: string;
  /** True for a limit on turns (a rate limit), false for dollars or tokens. */
  readonly isRate: boolean;
  /** Identifies the limit and its period, so that people are told once per period; for limits on turns, at least once an hour. */
  readonly key: string;
}

/** See `Budgets`. */
export async function reserveTurn(
  options: BudgetsOptions,
  inside: Repositories,
  asking: Asking,
): Promise<Refusal | null> {
  const reading = { calendar: options.calendar, at: options.wallClock() };
  const tooSmall = await ownLimitRefusal(options, inside, asking);
  if (tooSmall) return tooSmall;
  const rules = await allRules(options, inside.bindings, asking, asking.team);
  const estimate =
    rules.length > 0 ? await estimateOf(options, inside, asking, reading) : NO_ESTIMATE;
  const held = rules.map((rule) => meterOf(rule, asking, reading));
  const balances = await inside.budgets.hold(held);
  const statuses = rules.flatMap((rule, i) =>
    balances[i] ? [limitStatusOf(rule, balances[i])] : [],
  );
  const isShared = options.isMany?.() ?? false;
  const refusal = refusalOf(statuses, { asking, estimate, reading, isShared });
  const isLifted = refusal?.status.rule.by && (await useGrant(inside.bindings, asking, reading.at));
  if (refusal && !isLifted) return refusal;
  const isHeld = new Set(held.map(({ owner, period }) => `${owner} ${period}`));
  const counted = [
    ...dayMeters(asking, reading, asking.team).filter(
      ({ owner, period }) => !isHeld.has(`${owner} ${period}`),
    ),
    ...(asking.team ? [teamMeter(asking.team, reading)] : []),
  ];
  await inside.budgets.reserve(asking.turn, { held, counted, estimate });
  return null;
}

/** The team's own limits leave no room for first answers: nothing would come of the turn. */
async function ownLimitRefusal(
  { catalogue, outputs = null }: BudgetsOptions,
  { messages }: Pick<Repositories, "messages">,
  { team, conversation, message }: Asking,
): Promise<Refusal | null> {
  const { max_cost_usd, max_tokens } = team?.policy.limits ?? {};
  if (team === null || (max_cost_usd === undefined && max_tokens === undefined)) return null;
  const thread = estimateThread(await messages.size(conversation), message.files);
  const text = tooSmallForFirst(team, firstAnswers(team, thread, { catalogue, outputs }));
  return text === null ? null : { text, detail: text, isRate: false, key: `team ${team.name}` };
}

interface Facts {
  readonly asking: Asking;
  readonly estimate: Estimate;
  readonly reading: Reading;
  readonly isShared: boolean;
}

const HOUR_MS = 3_600_000;

/** Picks the exceeded limit to report: one that only the operator can lift, else the one that resets last. */
function refusalOf(statuses: readonly LimitStatus[], facts: Facts) {
  const weight = ({ rule, meter }: LimitStatus) =>
    rule.by === null ? Number.MAX_SAFE_INTEGER : meter.endsAt;
  const [status] = statuses
    .filter((candidate) => !fits(candidate, facts.estimate))
    .toSorted((a, b) => weight(b) - weight(a));
  if (!status) return null;
  const { asking, estimate, reading, isShared } = facts;
  const team = asking.team?.title ?? "";
  const { limit } = status.rule;
  const isRate = limit.unit === "turns";
  const { owner, period } = status.meter;
  const hour = isRate ? [Math.floor(reading.at / HOUR_MS)] : [];
  return {
    status,
    text: formatRefusal(status, { estimate, team, reading, isShared }),
    detail: formatRefusal(status, { estimate, team, reading, isShared: false }),
    isRate,
    key: [owner, period, limit.unit, limit.amount, ...hour].join(" "),
  };
}
