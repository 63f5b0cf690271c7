import type { FailureReason } from "../coordination/failure-reason.ts";
import type { Limits } from "../coordination/policy.ts";
import type { LimitName } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { formatCount, formatMoney, formatTokens } from "./format.ts";

const MOVE_LIMITS: Readonly<Partial<Record<FailureReason, LimitName>>> = {
  time_limit: "move_timeout",
  room_wait: "queue_timeout",
  rate_limit_wait: "queue_timeout",
};

/** The limits that this turn has reached. */
export function limitsHit(state: TurnState): readonly LimitName[] {
  const ofMoves = state.agents.map(({ failed }) => failed?.reason && MOVE_LIMITS[failed.reason]);
  const names = [state.closing?.limit, state.budget, ...ofMoves];
  return [...new Set(names.filter((name) => name !== null && name !== undefined))];
}

/** A sentence per reached limit: "Limit reached: 300 s for the turn." */
export const limitNotes = (state: TurnState): readonly string[] =>
  limitsHit(state).map((limit) => `Limit reached: ${limitWords[limit](state.policy.limits)}.`);

const limitWords: Readonly<Record<LimitName, (limits: Limits) => string>> = {
  turn_timeout: (limits) => `${limits.turn_timeout} s for the turn`,
  move_timeout: (limits) => `${limits.move_timeout} s for one move`,
  queue_timeout: (limits) => `${limits.queue_timeout} s of waiting for room`,
  rounds: (limits) => formatCount(limits.rounds, "review round"),
  max_tokens: (limits) => `${formatTokens(limits.max_tokens ?? 0)} tokens for the turn`,
  max_cost_usd: (limits) => `${formatMoney(limits.max_cost_usd ?? 0)} for the turn`,
};
