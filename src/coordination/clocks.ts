import type { RunningMove, TurnState } from "./turn-state.ts";

const ms = (seconds: number): number => seconds * 1000;

/** After this share of `turn_timeout` only reviews start, no answers or revisions. */
const LAST_START = 0.6;

/** Whether the turn's clock stands still: it waits for a process, or no call is under way, because all of them wait for room. */
export function standsStill(state: TurnState): boolean {
  if (state.isTurnQueued || state.isRouterQueued) return true;
  const moves = state.agents.flatMap(({ move }) => move ?? []);
  return moves.length > 0 && moves.every(({ queue }) => queue !== null);
}

/** What the turn's clock shows, ms. */
export const clockOf = (state: TurnState): number => state.now - state.queuedMs;

/** When the turn's clock shows so many ms, in running time; Infinity while it stands still. */
export const whenClockShows = (state: TurnState, time: number): number =>
  standsStill(state) ? Number.POSITIVE_INFINITY : time + state.queuedMs;

/** When the turn times out, in running ms. */
export const turnDeadline = (state: TurnState): number =>
  whenClockShows(state, ms(state.policy.limits.turn_timeout));

/** When the phase of new answers and revisions ends, in running ms. */
export const lastStart = (state: TurnState): number =>
  whenClockShows(state, ms(state.policy.limits.turn_timeout) * LAST_START);

/** Which of its limits a move reaches next, and when, in running ms. A rewrite must also end before the turn times out; other moves end when the turn closes. */
export function moveDeadline(
  state: TurnState,
  move: RunningMove,
): { readonly at: number; readonly limit: "move_timeout" | "queue_timeout" } {
  const { move_timeout, queue_timeout } = state.policy.limits;
  if (move.queue) {
    const at = move.queue.since + ms(queue_timeout) - move.queuedMs;
    return { at, limit: "queue_timeout" };
  }
  const own = move.startedAt + move.queuedMs + ms(move_timeout);
  const at = move.kind === "present" ? Math.min(own, turnDeadline(state)) : own;
  return { at, limit: "move_timeout" };
}
