import type { AgentId } from "../ids.ts";
import { isPooled } from "./pooled/claims.ts";
import { compareMerits, type RankedGroup, rankGroups } from "./pooled/rank-groups.ts";
import { countedScores, isElectable, revisionsBy } from "./selectors.ts";
import type { DecidedBy, RevisionId } from "./turn-event.ts";
import type { Revision, TurnState } from "./turn-state.ts";

/** The tally of one agent's answer. */
export interface TallyRow {
  readonly agent: AgentId;
  readonly label: string;
  /** Its current revision: the latest electable one, else the latest scored one, else the latest. */
  readonly revision: RevisionId;
  /** Mean centred score (−10…10), votes under `plurality`, or under `pooled` the merit of its result; null: no reviewer has scored it. */
  readonly score: number | null;
  /** Place of its result, from 0: answers that count together have the same. */
  readonly group: number;
  readonly electable: boolean;
  /** People who prefer it. */
  readonly people: number;
}

interface RankedRow extends TallyRow {
  readonly order: number;
}

// Means of the same scores in another order may differ in the last bits.
const EPSILON = 1e-9;

/** All current answers, best first: electable ones first, then by score, people's votes, and age. Under `pooled`, answers of one result together. */
export function tally(state: TurnState): readonly TallyRow[] {
  const rows = isPooled(state) ? pooledRows(state) : rank(state);
  return rows.map(({ order: _order, ...row }) => row);
}

/** The results that stand, best first, of a turn that counts equal answers together. */
export const standingGroups = (state: TurnState): readonly RankedGroup[] =>
  rankGroups(state, {
    candidates: standingRevisions(state),
    isElectable: (revision) => isElectable(state, revision),
    tieBreak: (a, b) =>
      peopleFor(state, b) - peopleFor(state, a) ||
      state.revisions.indexOf(a) - state.revisions.indexOf(b),
  });

const pooledRows = (state: TurnState): readonly RankedRow[] =>
  standingGroups(state).flatMap(({ answers, merit }, group) =>
    answers.map((revision) => ({ ...standing(state, revision, merit), group })),
  );

/** The answer to present if the turn closes now, and the rule that decides; null: there is no answer. */
export function elect(state: TurnState): { revision: RevisionId; decidedBy: DecidedBy } | null {
  return isPooled(state) ? electPooled(state) : electAlone(state);
}

function electPooled(state: TurnState): ReturnType<typeof elect> {
  const [first, second] = standingGroups(state);
  const revision = first?.answers[0];
  if (!first || !revision) return null;
  return { revision: revision.id, decidedBy: decidedByPooled(state, first, second) };
}

function decidedByPooled(
  state: TurnState,
  first: RankedGroup,
  second: RankedGroup | undefined,
): DecidedBy {
  if (!second && state.latest.length > 1) return "agreement";
  if (!second) return "only_answer";
  if (first.merit === null) return "nothing_scored";
  if (!first.electable) return "partial_scores";
  if (!second.electable || compareMerits(first.merit, second.merit) !== 0) return "tally";
  const [one, other] = [first, second].map(({ answers }) => peopleFor(state, answers[0]));
  return one === other ? "longest_standing" : "people";
}

function electAlone(state: TurnState): ReturnType<typeof elect> {
  const [first, second] = rank(state);
  if (!first) return null;
  return { revision: first.revision, decidedBy: decidedBy(first, second) };
}

function decidedBy(first: RankedRow, second: RankedRow | undefined): DecidedBy {
  if (!second) return "only_answer";
  if (first.score === null) return "nothing_scored";
  if (!first.electable) return "partial_scores";
  if (!second.electable || compareScores(first, second) !== 0) return "tally";
  return first.people === second.people ? "longest_standing" : "people";
}

function rank(state: TurnState): readonly RankedRow[] {
  const candidates = standingRevisions(state);
  const scores =
    state.policy.tally === "plurality"
      ? pluralityVotes(state, candidates)
      : new Map(candidates.map(({ id }) => [id, centredMean(state, id)]));
  return candidates
    .map((revision) => standing(state, revision, scores.get(revision.id) ?? null))
    .sort(
      (a, b) =>
        Number(b.electable) - Number(a.electable) ||
        compareScores(a, b) ||
        b.people - a.people ||
        a.order - b.order,
    )
    .map((row, group) => ({ ...row, group }));
}

function standing(state: TurnState, revision: Revision, score: number | null): RankedRow {
  const author = state.agents.find(({ id }) => id === revision.agent);
  return {
    agent: revision.agent,
    label: author?.label ?? "?",
    revision: revision.id,
    score,
    group: 0,
    electable: isElectable(state, revision),
    people: peopleFor(state, revision),
    order: state.revisions.indexOf(revision),
  };
}

const peopleFor = (state: TurnState, revision: Revision | undefined): number =>
  Object.values(state.preferences).filter((p) => p.revision === revision?.id).length;

function compareScores(a: RankedRow, b: RankedRow): number {
  if (a.score === null || b.score === null)
    return Number(a.score === null) - Number(b.score === null);
  const difference = b.score - a.score;
  return Math.abs(difference) < EPSILON ? 0 : difference;
}

/** The current revision of each agent. */
export const standingRevisions = (state: TurnState): readonly Revision[] =>
  state.agents.flatMap(({ id }) => standsWith(state, id) ?? []);

function standsWith(state: TurnState, agent: AgentId): Revision | undefined {
  const own = revisionsBy(state, agent);
  return (
    own.findLast((revision) => isElectable(state, revision)) ??
    own.findLast((revision) => centredMean(state, revision.id) !== null) ??
    own.at(-1)
  );
}

/** Mean of the counted scores, each centred on its own ballot; a person's choice is a ballot of 10 and 0s with its own weight. */
function centredMean(state: TurnState, revision: RevisionId): number | null {
  const counted = countedScores(state, revision).map(({ centred }) => ({ centred, weight: 1 }));
  const weight = state.policy.limits.people_weight;
  const people = Object.values(state.preferences)
    .filter((preference) => preference.standing.includes(revision))
    .map((preference) => ({
      centred: (preference.revision === revision ? 10 : 0) - 10 / preference.standing.length,
      weight,
    }));
  const all = [...counted, ...people];
  const total = all.reduce((sum, part) => sum + part.weight, 0);
  if (total === 0) return null;
  return all.reduce((sum, part) => sum + part.centred * part.weight, 0) / total;
}

/** One vote per reviewer, split among the standing revisions it scored highest; a person's choice weighs `people_weight`. */
function pluralityVotes(
  state: TurnState,
  candidates: readonly Revision[],
): ReadonlyMap<RevisionId, number> {
  const votes = new Map<RevisionId, number>();
  const add = (revision: RevisionId, vote: number) =>
    votes.set(revision, (votes.get(revision) ?? 0) + vote);
  for (const favourites of favouritesByReviewer(state, candidates).values()) {
    for (const revision of favourites) add(revision, 1 / favourites.length);
  }
  for (const { revision } of Object.values(state.preferences)) {
    add(revision, state.policy.limits.people_weight);
  }
  const scored = candidates.filter(({ id }) => countedScores(state, id).length > 0);
  for (const { id } of scored) add(id, 0);
  return votes;
}

/** What each reviewer puts first among the given revisions; several when it scores them alike. */
export function favouritesByReviewer(
  state: TurnState,
  candidates: readonly Revision[],
): ReadonlyMap<AgentId, readonly RevisionId[]> {
  const scores = new Map<AgentId, { revision: RevisionId; score: number }[]>();
  for (const { id } of candidates) {
    for (const { reviewer, score } of countedScores(state, id)) {
      scores.set(reviewer, [...(scores.get(reviewer) ?? []), { revision: id, score }]);
    }
  }
  return new Map(
    [...scores].map(([reviewer, given]) => {
      const best = Math.max(...given.map(({ score }) => score));
      return [reviewer, given.filter(({ score }) => score === best).map((s) => s.revision)];
    }),
  );
}
