import type { AgentId } from "../../ids.ts";
import type { Revision, TurnState } from "../turn-state.ts";
import { skillOf } from "./evidence.ts";
import type { Group } from "./groups.ts";

/** What every further author behind a result adds, shared out among the team: agents repeat each other's errors. */
const SUPPORT = 0.4;
/** No track record is below −1.5, so a further author never counts against its result. */
const LEAST_SKILL = -1.5;

/** What reviewers say about a result, and who stands behind it. Log-odds, up to a constant: comparable within one turn only. */
export const meritOf = (evidence: number, standing: number): number => 2 * evidence + standing;

/** What stands behind a result without any review: its authors, the one with the best record, and a little for each further one. */
export function standingOf(state: TurnState, group: Group): number {
  const skills = authorsOf(state, group)
    .map((agent) => skillOf(state, agent))
    .toSorted((a, b) => b - a);
  const [best = 0, ...further] = skills;
  const others = Math.max(1, state.agents.length - 1);
  return (
    best + further.reduce((sum, skill) => sum + (SUPPORT / others) * (1 - skill / LEAST_SKILL), 0)
  );
}

/** The agents that gave one of these answers, or repeated one. */
export const authorsOf = (state: TurnState, group: Group): readonly AgentId[] => [
  ...group.map(({ agent }) => agent),
  ...state.agents.flatMap(({ id, repeated }) =>
    group.some((revision) => revision.id === repeated && revision.agent !== id) ? [id] : [],
  ),
];

/** The mean over the answers of a group that anybody has judged; null: there is none. */
export function groupMean(
  group: Group,
  valueOf: (revision: Revision) => number | null,
): number | null {
  const values = group.map(valueOf).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
