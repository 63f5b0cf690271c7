import { certaintyOf } from "../coordination/pooled/certainty.ts";
import { liveAgents, revisionOf } from "../coordination/selectors.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { AgentState, CastBallot, Revision, TurnState } from "../coordination/turn-state.ts";
import type { AgentId } from "../ids.ts";

/** How many of a turn's agents prefer the posted answer. */
export interface Agreement {
  readonly preferred: number;
  /** All agents that gave an answer or a vote. */
  readonly of: number;
}

/** Null without a posted answer, and where only one agent said anything. */
export function agreementOn(state: TurnState): Agreement | null {
  const posted = state.closing?.revision;
  if (!posted) return null;
  const heard = liveAgents(state).filter(({ hasAnswered }) => hasAnswered);
  if (heard.length < 2) return null;
  const preferred = heard.filter((agent) => prefers(state, agent, posted)).length;
  return { preferred, of: heard.length };
}

/** Names of the agents that put an answer first. */
export const supportersOf = (state: TurnState, revision: RevisionId): readonly string[] =>
  state.agents.filter((agent) => prefers(state, agent, revision)).map(({ name }) => name);

/** Its favourite comes to the same result. Without a ballot that scores this result, an author prefers its own. */
function prefers(state: TurnState, { id }: AgentState, revision: RevisionId): boolean {
  const authors = authorsOfResult(state, revision);
  const isOfResult = ({ agent }: Revision) => authors.has(agent);
  const { scored, favourites } = readBallot(state, latestBallot(state, id));
  return scored.some(isOfResult) ? favourites.some(isOfResult) : authors.has(id);
}

/** The agents whose answers come to the same result. */
function authorsOfResult(state: TurnState, revision: RevisionId): ReadonlySet<AgentId> {
  const author = revisionOf(state, revision)?.agent;
  const results = certaintyOf(state)?.results ?? [];
  const result = results.find(({ agents }) => author !== undefined && agents.includes(author));
  return new Set(result?.agents ?? (author === undefined ? [] : [author]));
}

/** The answers that a ballot scores, and those with its highest score. Its author may have revised one since. */
function readBallot(state: TurnState, ballot: CastBallot | undefined) {
  const scored = state.revisions.filter(({ id }) => ballot?.scores[id] !== undefined);
  const most = Math.max(...scored.map(({ id }) => ballot?.scores[id] ?? 0));
  return { scored, favourites: scored.filter(({ id }) => ballot?.scores[id] === most) };
}

/** Null: it has not voted since the turn was last steered. */
export const latestBallot = (state: TurnState, reviewer: AgentId): CastBallot | undefined =>
  state.ballots.findLast((ballot) => ballot.reviewer === reviewer && !ballot.void);

const NUMBERS = ["", "", "Both", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** "Both agents agree", "All four agents agree", "preferred by 3 of 4"; "" where nobody else said anything. */
export function formatAgreement(agreement: Agreement | null): string {
  if (!agreement) return "";
  const { preferred, of } = agreement;
  if (preferred < of) return `preferred by ${preferred} of ${of}`;
  return of === 2 ? "Both agents agree" : `All ${NUMBERS[of] ?? of} agents agree`;
}
