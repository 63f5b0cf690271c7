import type { AgentId } from "../../ids.ts";
import type { Revision, TurnState } from "../turn-state.ts";
import { evidenceFor, MOST_EVIDENCE, meanEvidence, readerWeight, skillOf } from "./evidence.ts";
import { type Group, groupAnswers, mayRegroup } from "./groups.ts";
import { groupMean, meritOf, standingOf } from "./merit.ts";

/** Ballots that may still come. */
export interface Outstanding {
  readonly reviewers: readonly AgentId[];
  /** Whether the reviewer may score the revision. */
  readonly mayScore: (reviewer: AgentId, revision: Revision) => boolean;
}

// Sums of the same evidence in another order may differ in the last bits.
const EPSILON = 1e-9;

/**
 * Whether the result of `leader` stays at least `ahead` of every other one, whatever the outstanding ballots say. Sound: every other result is taken
 * at its best and the leader at its worst. Which of its texts is posted may still depend on them.
 */
export function isResultDecided(
  state: TurnState,
  candidates: readonly Revision[],
  {
    leader,
    ahead,
    outstanding,
  }: {
    readonly leader: Revision;
    readonly ahead: number;
    readonly outstanding: Outstanding;
  },
): boolean {
  if (mayRegroup(state, candidates, outstanding.reviewers)) return false;
  // The mean of a result must not depend on whether one of its texts is judged at all.
  if (candidates.some(({ id }) => meanEvidence(evidenceFor(state, id)) === null)) return false;
  const groups = groupAnswers(state, candidates);
  const first = groups.find((group) => group.includes(leader));
  if (!first || groups.length === 1) return false;
  const worst = extremeMerit(state, first, outstanding, -1);
  return groups
    .filter((group) => group !== first)
    .every((group) => extremeMerit(state, group, outstanding, 1) + ahead < worst - EPSILON);
}

/** The lowest (−1) or highest (1) merit that the outstanding ballots can bring about. */
function extremeMerit(
  state: TurnState,
  group: Group,
  outstanding: Outstanding,
  sign: 1 | -1,
): number {
  const mean = groupMean(group, (revision) => extremeOf(state, revision, outstanding, sign)) ?? 0;
  return meritOf(mean, standingOf(state, group));
}

function extremeOf(
  state: TurnState,
  revision: Revision,
  { reviewers, mayScore }: Outstanding,
  sign: 1 | -1,
): number | null {
  const { readings, people } = evidenceFor(state, revision.id);
  const open = reviewers.filter((reviewer) => mayScore(reviewer, revision));
  const kept = readings.map((reading) => {
    if (!open.includes(reading.reviewer)) return reading;
    const { sum, reads } = reading;
    const read = { ...reading, sum: sum + sign * MOST_EVIDENCE, reads: reads + 1 };
    return sign * (read.sum / read.reads) > sign * (sum / reads) ? read : reading;
  });
  const fresh = open
    .filter((reviewer) => readings.every((reading) => reading.reviewer !== reviewer))
    .map((reviewer) => ({
      reviewer,
      weight: readerWeight(skillOf(state, reviewer)),
      sum: sign * MOST_EVIDENCE,
      reads: 1,
    }));
  return meanEvidence({ readings: [...kept, ...fresh], people });
}
