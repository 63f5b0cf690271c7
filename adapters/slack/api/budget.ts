import type { Clock } from "../../../src/clock.ts";

/** What may be spent on calls of one kind, shared by all who make them. */
export interface Budget {
  /**
   * 0: the call may be made now, and is counted. Else: ask again after so many ms, with the same key, to keep the place in the queue.
   * Urgent calls go first.
   */
  ask(key: string, urgent: boolean): number;
  /** The call was not made after all. */
  giveBack(): void;
  /** Slack takes no such call for so many ms. */
  pause(ms: number): void;
}

export interface BudgetOptions {
  readonly clock: Pick<Clock, "now">;
  readonly perMinute: number;
  /** Calls that may be made at once after a quiet time. */
  readonly burst: number;
}

/** Who waits asks again at least this often, ms, so that what becomes urgent is not told late. */
const POLL_MS = 3_000;
const SOONEST_MS = 200;
const ROUNDING = 1e-6;
/** Who has not asked for so long no longer waits, ms. */
const GONE_MS = 5 * POLL_MS;

/** First come, first served, the urgent before the rest. */
export function createBudget({ clock, perMinute, burst }: BudgetOptions): Budget {
  const perMs = perMinute / 60_000;
  const purse = { calls: burst, at: clock.now(), closedUntil: -Infinity };
  const waiting = new Map<string, { urgent: boolean; askedAt: number }>();

  const refill = (now: number): void => {
    purse.calls = Math.min(burst, purse.calls + (now - purse.at) * perMs);
    purse.at = now;
  };

  const placeOf = (key: string, urgent: boolean): number => {
    let ahead = 0;
    let passed = false;
    for (const [other, entry] of waiting) {
      if (other === key) passed = true;
      else if (entry.urgent === urgent ? !passed : entry.urgent) ahead++;
    }
    return ahead;
  };

  return {
    ask(key, urgent) {
      const now = clock.now();
      refill(now);
      for (const [other, { askedAt }] of waiting) {
        if (now - askedAt > GONE_MS) waiting.delete(other);
      }
      waiting.set(key, { urgent, askedAt: now });
      if (now < purse.closedUntil) return Math.max(SOONEST_MS, purse.closedUntil - now);
      const place = placeOf(key, urgent);
      if (place + 1 <= purse.calls + ROUNDING) {
        purse.calls -= 1;
        waiting.delete(key);
        return 0;
      }
      return Math.min(POLL_MS, Math.max(SOONEST_MS, (place + 1 - purse.calls) / perMs));
    },
    giveBack() {
      purse.calls += 1;
    },
    pause(ms) {
      purse.closedUntil = Math.max(purse.closedUntil, clock.now() + ms);
    },
  };
}

/** A budget for each of many. */
export function createBudgets(options: BudgetOptions, most = 5_000): (name: string) => Budget {
  const budgets = new Map<string, Budget>();
  return (name) => {
    const budget = budgets.get(name) ?? createBudget(options);
    budgets.delete(name);
    budgets.set(name, budget);
    const oldest = budgets.keys().next().value;
    if (budgets.size > most && oldest !== undefined) budgets.delete(oldest);
    return budget;
  };
}
