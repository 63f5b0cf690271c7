import type { AgentId } from "../../ids.ts";
import { standingGroups } from "../tally.ts";
import type { RevisionId } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";
import { isPooled } from "./claims.ts";
import { authorsOf } from "./merit.ts";
import { marginOf } from "./rank-groups.ts";
import { CLEAR } from "./reread.ts";

/** A result, and who stands behind it. */
export interface Result {
  /** In a few words; null: its answers name none. */
  readonly claim: string | null;
  readonly agents: readonly AgentId[];
  /** The best text with this result. */
  readonly revision: RevisionId;
}

/** How sure a team is of its answer. */
export interface Certainty {
  /** `agree`: all answers come to the same; `clear`: the best result is far ahead; `split`: it is not. */
  readonly kind: "agree" | "clear" | "split";
  /** Best first. */
  readonly results: readonly Result[];
}

/** Null: the team does not count equal answers together, has a single answer, or has judged none. */
export function certaintyOf(state: TurnState): Certainty | null {
  if (!isPooled(state)) return null;
  const groups = standingGroups(state);
  const results = groups.flatMap(({ answers }): readonly Result[] => {
    const [best] = answers;
    const claim = answers.find(({ result }) => result !== null)?.claim ?? null;
    return best ? [{ claim, agents: authorsOf(state, answers), revision: best.id }] : [];
  });
  const [first, ...others] = results;
  if (!first || (others.length === 0 && first.agents.length < 2)) return null;
  if (others.length === 0) return { kind: "agree", results };
  const margin = marginOf(groups);
  return margin === null ? null : { kind: margin < CLEAR ? "split" : "clear", results };
}
