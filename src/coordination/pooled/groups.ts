import type { AgentId } from "../../ids.ts";
import type { RevisionId } from "../turn-event.ts";
import type { CastBallot, Revision, TurnState } from "../turn-state.ts";
import { isSameResult } from "./claims.ts";

/** Current answers that come to the same result, in the order given. */
export type Group = readonly Revision[];

/** Puts answers together that claim the same, or of which most reviewers who saw both say so. */
export function groupAnswers(state: TurnState, candidates: readonly Revision[]): readonly Group[] {
  const votes = sameVotes(state);
  return candidates.reduce<readonly Group[]>((groups, revision) => {
    const isEqual = (other: Revision) =>
      isSameResult(revision, other) || isMajority(countVotes(votes, [revision, other]));
    const [joined, apart] = [
      groups.filter((group) => group.some(isEqual)),
      groups.filter((group) => !group.some(isEqual)),
    ];
    return [...apart, [...joined.flat(), revision]];
  }, []);
}

/** Whether the ballots of these reviewers, still to come, could put two groups together or take one apart. */
export function mayRegroup(
  state: TurnState,
  candidates: readonly Revision[],
  pending: readonly AgentId[],
): boolean {
  const votes = sameVotes(state).filter(({ reviewer }) => !pending.includes(reviewer));
  return candidates.some((one, at) =>
    candidates.slice(at + 1).some((other) => {
      if (isSameResult(one, other)) return false;
      const { yes, all } = countVotes(votes, [one, other]);
      const isNow = isMajority(countVotes(sameVotes(state), [one, other]));
      const least = isMajority({ yes, all: all + pending.length });
      const most = isMajority({ yes: yes + pending.length, all: all + pending.length });
      return isNow ? !least : most;
    }),
  );
}

interface Votes {
  readonly yes: number;
  readonly all: number;
}

const isMajority = ({ yes, all }: Votes): boolean => 2 * yes > all;

/** The last ballot of each reviewer. */
function sameVotes({ ballots }: TurnState): readonly CastBallot[] {
  const last = new Map(
    ballots.filter((ballot) => !ballot.void).map((ballot) => [ballot.reviewer, ballot]),
  );
  return [...last.values()];
}

function countVotes(
  votes: readonly CastBallot[],
  [one, other]: readonly [Revision, Revision],
): Votes {
  const both = votes.filter(({ scores }) => one.id in scores && other.id in scores);
  return {
    yes: both.filter((ballot) => saysSame(ballot, one.id, other.id)).length,
    all: both.length,
  };
}

/** Whether a ballot puts two revisions together, directly or by way of others. */
function saysSame({ same = {} }: CastBallot, one: RevisionId, other: RevisionId): boolean {
  const reached = new Set<string>([one]);
  for (let before = 0; before !== reached.size;) {
    before = reached.size;
    for (const [a, b] of Object.entries(same)) {
      if (reached.has(a)) reached.add(b);
      if (reached.has(b)) reached.add(a);
    }
  }
  return reached.has(other);
}
