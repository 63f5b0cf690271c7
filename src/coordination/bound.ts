import { awaitsFirstAnswer, missesSteering, pendingReviewers } from "./due.ts";
import { isPooled } from "./pooled/claims.ts";
import { isResultDecided } from "./pooled/decided.ts";
import { CLEAR, mayReread } from "./pooled/reread.ts";
import {
  countedScores,
  isElectable,
  liveAgents,
  revisionOf,
  revisionsBy,
  scorersNeeded,
} from "./selectors.ts";
import { favouritesByReviewer, standingRevisions, tally } from "./tally.ts";
import type { RevisionId } from "./turn-event.ts";
import type { AgentState, Revision, TurnState } from "./turn-state.ts";

interface Range {
  readonly least: number;
  readonly most: number;
}

// Sums of the same scores in another order may differ in the last bits; a tie decides nothing.
const EPSILON = 1e-9;

/**
 * Whether the leader wins with every possible completion of the pending scores. A sound bound (each rival at its best, the leader at its
 * worst), so it may return false where an enumeration returns true. Always false while a first answer is pending.
 */
export function isDecided(state: TurnState): boolean {
  const pending = pendingReviewers(state);
  if (pending.length === 0 || isUnsettled(state)) return false;
  const [leader] = tally(state);
  if (!leader?.electable) return false;
  const revision = revisionOf(state, leader.revision);
  if (!revision || mayBeReplaced(state, revision, pending)) return false;
  return isPooled(state)
    ? isPooledDecided(state, revision, pending)
    : isAnswerDecided(state, revision, pending);
}

function isAnswerDecided(
  state: TurnState,
  revision: Revision,
  pending: readonly AgentState[],
): boolean {
  const rivals = rivalsOf(state, revision, pending);
  const range = state.policy.tally === "plurality" ? pluralityRange : scoreRange;
  if (state.policy.tally === "plurality" && rivals.some((rival) => !isStanding(state, rival))) {
    return false;
  }
  const worst = range(state, revision, pending).least;
  return rivals.every((rival) => range(state, rival, pending).most < worst - EPSILON);
}

/** Under `pooled` the result is decided, and by so much that no further reading would follow; which of its texts is posted is not. */
function isPooledDecided(
  state: TurnState,
  leader: Revision,
  pending: readonly AgentState[],
): boolean {
  const candidates = standingRevisions(state);
  const mayChange = candidates.some(
    (revision) =>
      mayBeReplaced(state, revision, pending) ||
      (!isElectable(state, revision) && revisionsBy(state, revision.agent).length > 1),
  );
  if (mayChange) return false;
  return isResultDecided(state, candidates, {
    leader,
    ahead: mayReread(state) ? CLEAR : 0,
    outstanding: {
      reviewers: pending.map(({ id }) => id),
      mayScore: (id, revision) =>
        pending.some((p) => p.id === id && shownTo(state, p).includes(revision.id)),
    },
  });
}

const isUnsettled = (state: TurnState): boolean =>
  awaitsFirstAnswer(state) || liveAgents(state).some((agent) => missesSteering(state, agent));

const isStanding = (state: TurnState, revision: Revision): boolean =>
  standingRevisions(state).some(({ id }) => id === revision.id);

/** The revisions that a pending reviewer may still score. */
const shownTo = (state: TurnState, reviewer: AgentState): readonly RevisionId[] =>
  reviewer.move?.kind === "review" ? reviewer.move.revisions : state.latest.map(({ id }) => id);

/** Whether the revision is electable, or could be once the pending reviewers have scored it or dropped out. */
function mayBeElectable(
  state: TurnState,
  revision: Revision,
  pending: readonly AgentState[],
): boolean {
  if (isElectable(state, revision)) return true;
  const others = pending.filter(({ id }) => id !== revision.agent);
  const scorers = new Set(
    countedScores(state, revision.id)
      .map(({ reviewer }) => reviewer)
      .concat(others.filter((p) => shownTo(state, p).includes(revision.id)).map(({ id }) => id))
      .filter((reviewer) => reviewer !== revision.agent),
  );
  return scorers.size >= scorersNeeded(state, revision.agent, others.length);
}

/** Whether a newer revision of its author may replace it. */
const mayBeReplaced = (
  state: TurnState,
  revision: Revision,
  pending: readonly AgentState[],
): boolean =>
  revisionsBy(state, revision.agent).some(
    (other) => other.number > revision.number && mayBeElectable(state, other, pending),
  );

/** Every revision of the others that could be presented instead. */
function rivalsOf(
  state: TurnState,
  leader: Revision,
  pending: readonly AgentState[],
): readonly Revision[] {
  return state.revisions.filter(
    (revision) => revision.agent !== leader.agent && mayBeElectable(state, revision, pending),
  );
}

/** The range of final means of a revision. */
function scoreRange(state: TurnState, revision: Revision, pending: readonly AgentState[]): Range {
  const scorers = pending.filter((reviewer) => shownTo(state, reviewer).includes(revision.id));
  const counted = countedScores(state, revision.id);
  const open = new Map(
    scorers.map((reviewer) => {
      const shown = shownTo(state, reviewer).length;
      return [reviewer.id, (10 * (shown - 1)) / shown] as const;
    }),
  );
  const people = peopleParts(state, revision.id);
  const fixed = counted.filter(({ reviewer }) => !open.has(reviewer)).map((c) => c.centred);
  const held = counted.filter(({ reviewer }) => open.has(reviewer));
  const fresh = [...open].filter(([id]) => !held.some(({ reviewer }) => reviewer === id));
  const extreme = (sign: 1 | -1): number => {
    const kept = held.map(({ reviewer, centred }) =>
      Math.max(sign * centred, open.get(reviewer) ?? 0),
    );
    const known = [...fixed.map((centred) => sign * centred), ...kept];
    const added = fresh.map(([, most]) => most).sort((a, b) => b - a);
    return sign * highestMean(known, added, { sum: sign * people.sum, weight: people.weight });
  };
  return { least: extreme(-1), most: extreme(1) };
}

interface People {
  readonly sum: number;
  readonly weight: number;
}

function peopleParts(state: TurnState, revision: RevisionId): People {
  const weight = state.policy.limits.people_weight;
  const parts = Object.values(state.preferences)
    .filter(({ standing }) => standing.includes(revision))
    .map((p) => ((p.revision === revision ? 10 : 0) - 10 / p.standing.length) * weight);
  return { sum: parts.reduce((a, b) => a + b, 0), weight: parts.length * weight };
}

/** The highest mean when any of `added` (descending) may join `known`; 10 when there is nothing to go by. */
function highestMean(known: readonly number[], added: readonly number[], people: People): number {
  const means = [0, ...added].map((_, n) => mean([...known, ...added.slice(0, n)], people));
  return Math.max(...means.map((value) => value ?? 10));
}

function mean(values: readonly number[], people: People): number | null {
  const weight = values.length + people.weight;
  return weight === 0 ? null : (values.reduce((a, b) => a + b, 0) + people.sum) / weight;
}

/** The range of final votes of a revision, if no other revision can become current. */
function pluralityRange(
  state: TurnState,
  revision: Revision,
  pending: readonly AgentState[],
): Range {
  const favourites = favouritesByReviewer(state, standingRevisions(state));
  const fixed = [...favourites]
    .filter(([reviewer]) => !pending.some(({ id }) => id === reviewer))
    .filter(([, revisions]) => revisions.includes(revision.id))
    .reduce((sum, [, revisions]) => sum + 1 / revisions.length, 0);
  const people =
    Object.values(state.preferences).filter((p) => p.revision === revision.id).length *
    state.policy.limits.people_weight;
  return { least: fixed + people, most: fixed + people + pending.length };
}
