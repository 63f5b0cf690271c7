import { signature } from "../text/signature.ts";
import type { Repositories } from "../store/store.ts";
import type { Scope } from "../teams/bindings.ts";
import type { Calendar } from "./calendar.ts";
import type { EstimatedTeam } from "./estimate-turn.ts";
import { type Grant, putGrant } from "./grants.ts";
import type { Limit } from "./limit.ts";
import { limitsKey, type SetReach, type Where } from "./reach.ts";
import { type Report, reportUse } from "./report.ts";
import { type Asking, type Refusal, reserveTurn } from "./reserve-turn.ts";
import { readLimits } from "./rules.ts";
import type { BudgetsOptions } from "./survey.ts";

/** Spending limits per person, channel, space and installation. */
export interface Budgets {
  /**
   * Reserves a turn's estimate in the transaction that accepts the turn, so that concurrent turns cannot spend the same money. Resolves to
   * null, or to a refusal that leaves nothing in the store.
   */
  reserve(inside: Repositories, asking: Asking): Promise<Refusal | null>;
  /** Sets a limit. Replaces the one with the same unit and span. */
  set(where: Where, change: { readonly reach: SetReach; readonly limit: Limit }): Promise<void>;
  /** Removes all limits of a reach and returns them. */
  reset(where: Where, reach: SetReach): Promise<readonly Limit[]>;
  /** Lets turns in a scope bypass the limits that people have set; null revokes this. */
  allow(where: Where, scope: Scope, grant: Grant | null): Promise<void>;
  /** `team`: the team to estimate turns for. */
  report(where: Where, team: EstimatedTeam | null): Promise<Report>;
  readonly calendar: Calendar;
}

export function createBudgets(options: BudgetsOptions): Budgets {
  const { store, calendar, wallClock } = options;
  const change = (
    where: Where,
    reach: SetReach,
    limits: (now: readonly Limit[]) => readonly Limit[],
  ) => changeLimits(options, where, { reach, limits });
  return {
    calendar,
    reserve: (inside, asking) => reserveTurn(options, inside, asking),
    async set(where, { reach, limit }) {
      const isOther = ({ unit, per }: Limit) => unit !== limit.unit || per !== limit.per;
      await change(where, reach, (now) => [...now.filter(isOther), limit]);
    },
    reset: (where, reach) => change(where, reach, () => []),
    allow: ({ conversation, person, name = "" }, scope, grant) => {
      const by = signature(person, name);
      return putGrant(store.bindings, conversation, { scope, grant }, { by, at: wallClock() });
    },
    report: (where, team) => reportUse(options, where, team),
  };
}

/** Read-modify-write of the limits of a reach, with retries on concurrent writes. Returns the previous limits. */
async function changeLimits(
  { store, wallClock }: BudgetsOptions,
  { conversation, person, name = "" }: Where,
  { reach, limits }: { reach: SetReach; limits: (now: readonly Limit[]) => readonly Limit[] },
): Promise<readonly Limit[]> {
  const key = limitsKey(reach, conversation);
  const by = signature(person, name);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const [stored] = await store.bindings.get([key]);
    const before = readLimits(stored?.value);
    const after = limits(before);
    const value = after.length > 0 ? JSON.stringify(after) : null;
    const write = { value, by, at: wallClock(), expected: stored?.version ?? 0 };
    if (await store.bindings.put(key, write)) return before;
  }
  throw new Error("the limit was changed by others at the same time; try again");
}
