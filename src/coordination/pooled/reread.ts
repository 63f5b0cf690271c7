import { lastStart } from "../clocks.ts";
import { awaitsFirstAnswer, hasRereaders, pendingReviewers } from "../due.ts";
import { standingGroups } from "../tally.ts";
import type { TurnState } from "../turn-state.ts";
import { isPooled } from "./claims.ts";
import { marginOf } from "./rank-groups.ts";

/** A result this far ahead is clear: what was measured over reads that differ only by chance. */
export const CLEAR = 1.5;
/** Readings of the same answers, the first included. */
const MOST_READINGS = 3;

/** The reading to call for, because the best two results are too close; null: none. */
export function rereadOf(state: TurnState): { reading: number; margin: number } | null {
  if (!isPooled(state) || !mayReread(state) || !isRoundOver(state)) return null;
  const margin = marginOf(standingGroups(state));
  return margin === null || margin >= CLEAR ? null : { reading: state.reading + 1, margin };
}

/** Whether the rules of the turn leave room for another reading once this one is over. */
export const mayReread = (state: TurnState): boolean =>
  state.reading < MOST_READINGS &&
  state.closing === null &&
  state.stopped === null &&
  state.budget === null &&
  state.now < lastStart(state) &&
  hasRereaders(state);

/** Nothing runs and nothing is due. */
const isRoundOver = (state: TurnState): boolean =>
  !awaitsFirstAnswer(state) &&
  pendingReviewers(state).length === 0 &&
  state.agents.every(({ move }) => move === null);
