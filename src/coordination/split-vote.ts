import { certaintyOf } from "./pooled/certainty.ts";
import { isPooled } from "./pooled/claims.ts";
import { countedScores, revisionOf } from "./selectors.ts";
import { favouritesByReviewer, standingRevisions, tally } from "./tally.ts";
import type { RevisionId } from "./turn-event.ts";
import type { TurnState } from "./turn-state.ts";

/** What is shown beside the answer when the vote was split. */
export interface SplitVote {
  readonly runnerUp: RevisionId;
}

/** Null unless the team is split: under `pooled` its best two results are close; else its best two answers are less than a point apart, or at least a third of the reviewers put another one first. */
export function splitVote(state: TurnState): SplitVote | null {
  return isPooled(state) ? splitResults(state) : splitScores(state);
}

/** The best text of the second result, if the first is not clearly ahead. */
function splitResults(state: TurnState): SplitVote | null {
  const certainty = certaintyOf(state);
  const [first, ...others] = certainty?.results ?? [];
  const second = first && others.find(({ revision }) => !isSame(state, first.revision, revision));
  if (certainty?.kind !== "split" || !first || !second) return null;
  return { runnerUp: second.revision };
}

function splitScores(state: TurnState): SplitVote | null {
  const [first, ...others] = tally(state);
  const second = first && others.find(({ revision }) => !isSame(state, first.revision, revision));
  if (!first || !second || first.score === null || second.score === null) return null;
  if (first.score - second.score >= 1 && !isDisputed(state, first.revision)) return null;
  return { runnerUp: second.revision };
}

/** Whether two answers open with the same words: what follows differs in tone, and is no rival. */
function isSame(state: TurnState, a: RevisionId, b: RevisionId): boolean {
  const [one, other] = [a, b].map((id) => openingOf(revisionOf(state, id)?.text ?? ""));
  return one !== "" && one === other;
}

/** The first paragraph, without case, marks and spaces. */
const openingOf = (text: string): string =>
  (text.trim().split(/\n\s*\n/)[0] ?? "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Of those who scored the presented answer; who improved on its own and scored the others alone says nothing about it. */
function isDisputed(state: TurnState, presented: RevisionId): boolean {
  const scorers = new Set(countedScores(state, presented).map(({ reviewer }) => reviewer));
  const favourites = [...favouritesByReviewer(state, standingRevisions(state))]
    .filter(([reviewer]) => scorers.has(reviewer))
    .map(([, revisions]) => revisions);
  const against = favourites.filter((revisions) => !revisions.includes(presented)).length;
  return against > 0 && against * 3 >= favourites.length;
}
