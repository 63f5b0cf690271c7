import type { Limits } from "../coordination/policy.ts";
import type { LimitName } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { formatCount, formatMoney, formatTokens } from "./format.ts";

/** The limits that this turn has reached. */
export function limitsHit(state: TurnState): readonly LimitName[] {
  const timedOut = state.agents.some(({ failed }) => failed?.reason === "time_limit");
  const names = [state.closing?.limit, state.budget, timedOut ? "move_timeout" : null] as const;
  return [...new Set(names.filter((name) => name !== null && name !== undefined))];
}

/** A sentence per reached limit: "Limit reached: 300 s for the turn." */
export const limitNotes = (state: TurnState): readonly string[] =>
  limitsHit(state).map((limit) => `Limit reached: ${limitWords[limit](state.policy.limits)}.`);

const limitWords: Readonly<Record<LimitName, (limits: Limits) => string>> = {
  turn_timeout: (limits) => `${limits.turn_timeout} s for the turn`,
  move_timeout: (limits) => `${limits.move_timeout} s for one move`,
  rounds: (limits) => formatCount(limits.rounds, "review round"),
  max_tokens: (limits) => `${formatTokens(limits.max_tokens ?? 0)} tokens for the turn`,
  max_cost_usd: (limits) => `${formatMoney(limits.max_cost_usd ?? 0)} for the turn`,
};
