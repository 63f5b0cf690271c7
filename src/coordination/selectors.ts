import type { AgentId } from "../ids.ts";
import { claimsAgree } from "./pooled/claims.ts";
import type { RevisionId } from "./turn-event.ts";
import type { AgentState, Revision, TurnState } from "./turn-state.ts";

export const liveAgents = (state: TurnState): readonly AgentState[] =>
  state.agents.filter(({ failed }) => failed === null);

export const agentOf = (state: TurnState, id: AgentId): AgentState | undefined =>
  state.agents.find((agent) => agent.id === id);

export const revisionOf = (state: TurnState, id: RevisionId | null): Revision | undefined =>
  state.revisions.find((revision) => revision.id === id);

export const revisionsBy = (state: TurnState, agent: AgentId): readonly Revision[] =>
  state.revisions.filter((revision) => revision.agent === agent);

/** Another turn takes its place, and reads the thread anew. */
export const isReplaced = ({ stopped }: Pick<TurnState, "stopped">): boolean =>
  stopped !== null && stopped.reason !== "stop";

/** Total tokens, in and out. */
export const tokensOf = (usage: { input: number; output: number }): number =>
  usage.input + usage.output;

/** One reviewer's latest score for a revision, and the score minus the mean of its ballot. */
export interface CountedScore {
  readonly reviewer: AgentId;
  readonly centred: number;
  readonly score: number;
}

/** The latest score of each reviewer for the revision; ballots from before the turn was steered are void. */
export function countedScores(state: TurnState, revision: RevisionId): readonly CountedScore[] {
  const latest = new Map<AgentId, CountedScore>();
  for (const ballot of state.ballots) {
    const score = ballot.scores[revision];
    if (ballot.void || score === undefined) continue;
    latest.set(ballot.reviewer, {
      reviewer: ballot.reviewer,
      score,
      centred: score - ballot.mean,
    });
  }
  return [...latest.values()];
}

/** The reviewers whose scores for the revision count. */
export const scorersOf = (state: TurnState, revision: RevisionId): readonly AgentId[] =>
  countedScores(state, revision).map(({ reviewer }) => reviewer);

/** How many reviewers other than its author a revision needs, if `gone` of the live ones have dropped out. */
export function scorersNeeded(state: TurnState, author: AgentId, gone = 0): number {
  const others = liveAgents(state).filter(({ id }) => id !== author).length - gone;
  // Where all agree, one reviewer chooses the text.
  const quorum = claimsAgree(state) ? 1 : state.policy.limits.quorum;
  return Math.min(quorum, Math.max(0, others));
}

export function isElectable(state: TurnState, revision: Revision): boolean {
  const scorers = countedScores(state, revision.id).filter(
    ({ reviewer }) => reviewer !== revision.agent,
  );
  return scorers.length >= scorersNeeded(state, revision.agent);
}
