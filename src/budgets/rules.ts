import { z } from "zod";
import type { Balance, Meter } from "../store/tables/budgets.ts";
import type { BindingStore } from "../teams/binding-store.ts";
import type { Calendar } from "./calendar.ts";
import type { Estimate } from "./estimate-turn.ts";
import { Limit } from "./limit.ts";
import { limitsKey, ownerOf, type Reach, SET_REACHES, type SetReach, type Where } from "./reach.ts";

/** A limit and what it applies to. */
export interface Rule {
  readonly reach: Reach;
  readonly limit: Limit;
  /** Who set it, `{platform}:{person id}`; null for PARLEY_BUDGET. */
  readonly by: string | null;
}

/** The usage of a limit in the current period. */
export interface LimitStatus {
  readonly rule: Rule;
  readonly meter: Meter;
  /** In the limit's unit; money in millionths of a dollar. */
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
}

// Ignore limits that a newer version wrote instead of failing.
const Stored = z.array(Limit).catch([]);

/** Parses the limits stored under a key. */
export function readLimits(value: string | undefined): readonly Limit[] {
  try {
    return Stored.parse(JSON.parse(value ?? "[]"));
  } catch {
    return [];
  }
}

/** Whether people have set any limit. */
export const hasLimits = async (bindings: Pick<BindingStore, "list">): Promise<boolean> =>
  (await bindings.list("budget")).some(({ value }) => readLimits(value).length > 0);

/** All limits set by people that apply to a request. */
export async function rulesAt(
  bindings: Pick<BindingStore, "get">,
  { conversation }: Where,
): Promise<readonly Rule[]> {
  const found = await bindings.get(SET_REACHES.map((reach) => limitsKey(reach, conversation)));
  return SET_REACHES.flatMap((reach: SetReach, index) =>
    readLimits(found[index]?.value).map((limit) => ({
      reach,
      limit,
      by: found[index]?.by ?? null,
    })),
  );
}

/** The meter that counts for a rule now. */
export function meterOf(
  rule: Rule,
  where: Where & { readonly name: string },
  clock: Reading,
): Meter {
  const { name: period, endsAt } = clock.calendar.periodAt(rule.limit.per, clock.at);
  const label = rule.reach === "person" ? where.name : "";
  return { owner: ownerOf(rule.reach, where), period, endsAt, label };
}

/** A time, and the calendar that defines its periods. */
export interface Reading {
  readonly calendar: Calendar;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const MICRO = 1e6;

/** The usage of a rule's limit, from its meter's balance. */
export function limitStatusOf(rule: Rule, balance: Balance): LimitStatus {
  const { unit, amount } = rule.limit;
  const limit = unit === "usd" ? Math.round(amount * MICRO) : Math.floor(amount);
  const taken = {
    usd: { used: balance.microUsd, reserved: balance.reservedMicroUsd },
    tokens: { used: balance.tokens, reserved: balance.reservedTokens },
    turns: { used: balance.turns, reserved: 0 },
  }[unit];
  return { rule, meter: balance, limit, ...taken };
}

/** What one turn uses of a limit. */
export const needOf = ({ rule }: LimitStatus, { tokens, microUsd }: Estimate): number =>
  ({ usd: microUsd, tokens, turns: 1 })[rule.limit.unit];

/** Whether one more turn fits: something must be left of the limit, and the estimate must fit into it. */
export function fits(status: LimitStatus, estimate: Estimate): boolean {
  const taken = status.used + status.reserved;
  return taken < status.limit && taken + needOf(status, estimate) <= status.limit;
}
