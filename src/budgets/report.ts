import type { Balance } from "../store/tables/budgets.ts";
import type { Scope } from "../teams/bindings.ts";
import type { Period } from "./calendar.ts";
import type { Estimate, EstimatedTeam } from "./estimate-turn.ts";
import { type Grant, grantsAt } from "./grants.ts";
import { personsOf, type Reach, type Where } from "./reach.ts";
import { meterOf, type LimitStatus, limitStatusOf } from "./rules.ts";
import { allRules, type BudgetsOptions, dayMeters, estimateOf } from "./survey.ts";

/** The limits that apply to a request, and their usage. */
export interface Report {
  readonly statuses: readonly LimitStatus[];
  readonly grants: readonly { readonly scope: Scope; readonly grant: Grant; readonly by: string }[];
  /** Today's usage, limited or not. */
  readonly day: Period;
  readonly today: readonly (Balance & { readonly reach: Reach })[];
  /** The people in the space with the highest usage today. */
  readonly most: readonly Balance[];
  readonly estimate: Estimate;
  /** The installation's limit includes the usage of other workspaces. */
  readonly isShared: boolean;
}

const NO_FILES = { files: [] };

/** The most people that a report lists. */
const MOST = 5;

/** See `Budgets`. */
export async function reportUse(
  options: BudgetsOptions,
  where: Where,
  team: EstimatedTeam | null,
): Promise<Report> {
  const { store, calendar } = options;
  const { conversation } = where;
  const reading = { calendar, at: options.wallClock() };
  const named = { ...where, name: "" };
  const rules = await allRules(options, store.bindings, where, team);
  const balances = await store.budgets.read(rules.map((rule) => meterOf(rule, named, reading)));
  const meters = dayMeters(named, reading, team);
  const today = await store.budgets.read(meters);
  const day = calendar.periodAt("day", reading.at);
  return {
    statuses: rules.flatMap((rule, i) => (balances[i] ? [limitStatusOf(rule, balances[i])] : [])),
    grants: await grantsAt(store.bindings, { conversation, at: reading.at }),
    day,
    today: meters.flatMap(({ reach }, i) => (today[i] ? [{ ...today[i], reach }] : [])),
    most: await store.budgets.most(personsOf(conversation), day.name, MOST),
    isShared: options.isMany?.() ?? false,
    estimate: await estimateOf(options, store, { team, conversation, message: NO_FILES }, reading),
  };
}
