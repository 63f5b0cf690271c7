import type { Revision, TurnState } from "../turn-state.ts";
import { evidenceFor, meanEvidence } from "./evidence.ts";
import { groupAnswers, type Group } from "./groups.ts";
import { groupMean, meritOf, standingOf } from "./merit.ts";

/** A result with all answers that come to it. */
export interface RankedGroup {
  /** The best answer first. */
  readonly answers: Group;
  /** Null: no answer of it was judged. */
  readonly merit: number | null;
  readonly electable: boolean;
}

export interface Ranking {
  readonly candidates: readonly Revision[];
  readonly isElectable: (revision: Revision) => boolean;
  /** Orders answers that are judged alike, the one to prefer first. */
  readonly tieBreak: (a: Revision, b: Revision) => number;
}

// Sums of the same evidence in another order may differ in the last bits.
const EPSILON = 1e-9;

/** The results that stand, best first: electable ones first, then by merit. */
export function rankGroups(state: TurnState, ranking: Ranking): readonly RankedGroup[] {
  const { candidates, isElectable, tieBreak } = ranking;
  const means = new Map(candidates.map((c) => [c.id, meanEvidence(evidenceFor(state, c.id))]));
  const meanOf = ({ id }: Revision) => means.get(id) ?? null;
  const order = (a: Revision, b: Revision) =>
    Number(isElectable(b)) - Number(isElectable(a)) ||
    compareMerits(meanOf(a), meanOf(b)) ||
    tieBreak(a, b);
  return groupAnswers(state, candidates)
    .map((group) => {
      const evidence = groupMean(group, meanOf);
      return {
        answers: group.toSorted(order),
        merit: evidence === null ? null : meritOf(evidence, standingOf(state, group)),
        electable: group.some(isElectable),
      };
    })
    .toSorted(
      (a, b) =>
        Number(b.electable) - Number(a.electable) ||
        compareMerits(a.merit, b.merit) ||
        compareFirst(a.answers, b.answers, tieBreak),
    );
}

const compareFirst = ([a]: Group, [b]: Group, compare: Ranking["tieBreak"]): number =>
  a && b ? compare(a, b) : 0;

/** The higher first; what was not judged last. */
export function compareMerits(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Math.abs(b - a) < EPSILON ? 0 : b - a;
}

/** How far the best result is ahead of the next; Infinity without another one, null while it was not judged. */
export function marginOf([first, second]: readonly RankedGroup[]): number | null {
  if (!first || first.merit === null) return null;
  return second?.merit === undefined || second.merit === null
    ? Number.POSITIVE_INFINITY
    : first.merit - second.merit;
}
