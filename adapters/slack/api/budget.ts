import type { Clock } from "../../../src/clock.ts";
import type { Purse } from "./purse.ts";

/** What may be spent on calls of one kind, shared by all who make them. */
export interface Budget {
  /**
   * 0: the call may be made now, and is counted. Else: ask again after so many ms, with the same key, to keep the place in the queue.
   * Urgent calls go first.
   */
  ask(key: string, urgent: boolean): number;
  /** The call was not made after all. */
  giveBack(): void;
  /** Slack takes no such call for so many ms; `patient`: those that are not urgent make room for the others as well. */
  pause(ms: number, who: "all" | "patient"): void;
}

export interface BudgetOptions {
  readonly clock: Pick<Clock, "now">;
  readonly createPurse: (name: string) => Purse;
}

/** Who waits asks again at least this often, ms, so that what becomes urgent is not told late. */
const POLL_MS = 3_000;
const SOONEST_MS = 200;
const ROUNDING = 1e-6;
/** Who has not asked for so long no longer waits, ms. */
const GONE_MS = 5 * POLL_MS;

/** First come, first served, the urgent before the rest. */
export function createBudget({ clock, createPurse }: BudgetOptions, name = ""): Budget {
  const purse = createPurse(name);
  const closed = { all: -Infinity, patient: -Infinity };
  const waiting = new Map<string, { urgent: boolean; askedAt: number }>();

  const placeOf = (key: string, urgent: boolean): number => {
    let ahead = 0;
    let passed = false;
    for (const [other, entry] of waiting) {
      if (other === key) passed = true;
      else if (entry.urgent === urgent ? !passed : entry.urgent) ahead++;
    }
    return ahead;
  };

  const forgetTheGone = (now: number): void => {
    for (const [other, { askedAt }] of waiting) {
      if (now - askedAt > GONE_MS) waiting.delete(other);
    }
  };

  return {
    ask(key, urgent) {
      const now = clock.now();
      forgetTheGone(now);
      waiting.set(key, { urgent, askedAt: now });
      const closedUntil = urgent ? closed.all : Math.max(closed.all, closed.patient);
      if (now < closedUntil) return Math.max(SOONEST_MS, closedUntil - now);
      const missing = placeOf(key, urgent) + 1 - purse.room(now, urgent);
      if (missing > ROUNDING) {
        return Math.min(POLL_MS, Math.max(SOONEST_MS, purse.untilRoomFor(missing, now)));
      }
      purse.take(now);
      waiting.delete(key);
      return 0;
    },
    giveBack: () => purse.giveBack(),
    pause(ms, who) {
      closed[who] = Math.max(closed[who], clock.now() + ms);
    },
  };
}

/** A budget for each of many. */
export function createBudgets(options: BudgetOptions, most = 5_000): (name: string) => Budget {
  const budgets = new Map<string, Budget>();
  return (name) => {
    const budget = budgets.get(name) ?? createBudget(options, name);
    budgets.delete(name);
    budgets.set(name, budget);
    const oldest = budgets.keys().next().value;
    if (budgets.size > most && oldest !== undefined) budgets.delete(oldest);
    return budget;
  };
}
