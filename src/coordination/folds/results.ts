import { normaliseClaim } from "../pooled/claims.ts";
import { evidenceOf } from "../pooled/evidence.ts";
import { spendBy, withAgent } from "../spending.ts";
import type { Ballot, EventOf, RevisionId } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

type ResultEvent = EventOf<
  | "answer_given"
  | "revision_offered"
  | "vote_cast"
  | "answer_repeated"
  | "abstained"
  | "answer_presented"
>;

/** Applies the result of a move. */
export function applyResult(state: TurnState, event: ResultEvent): TurnState {
  const move = state.agents.find(({ id }) => id === event.agent)?.move;
  const sawAll = move?.steering === state.inbox.length;
  const seen = (sawAll && move?.kind === "review" ? move.revisions : []).concat(ownOf(event));
  const isFirst = move?.kind === "answer";
  const settled = withAgent(state, event.agent, (agent) => ({
    move: null,
    hasAnswered: true,
    since: event.at,
    seenSteering: Math.max(agent.seenSteering, move?.steering ?? 0),
    reviewed: [...new Set([...agent.reviewed, ...seen])],
    reading: sawAll && move?.kind === "review" ? state.reading : agent.reading,
    repeated: event.type === "answer_repeated" && isFirst ? event.revision : agent.repeated,
    revised: agent.revised + (event.type === "revision_offered" ? 1 : 0),
    abstained: event.type === "abstained" ? event.reason : null,
  }));
  const booked = spendBy(settled, event.agent, event.usage);
  return withText(withBallot(booked, event, !sawAll), event);
}

/** The revision that the agent knows without a review, because it wrote or repeated it. */
const ownOf = (event: ResultEvent): readonly RevisionId[] =>
  "revision" in event ? [event.revision] : [];

function withBallot(state: TurnState, event: ResultEvent, isVoid: boolean): TurnState {
  const ballot: Ballot | null = "ballot" in event ? event.ballot : null;
  if (!ballot) return state;
  const scores = Object.values(ballot.scores);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const evidence = evidenceOf(ballot.scores, state.policy.ballot);
  const cast = { ...ballot, reviewer: event.agent, at: event.at, mean, evidence, void: isVoid };
  return { ...state, ballots: [...state.ballots, cast] };
}

function withText(state: TurnState, event: ResultEvent): TurnState {
  if (event.type === "answer_presented") {
    return { ...state, presented: event.text, presentedCut: event.cut === true };
  }
  if (event.type !== "answer_given" && event.type !== "revision_offered") return state;
  const number = 1 + state.revisions.filter(({ agent }) => agent === event.agent).length;
  const { revision: id, agent, text, claim = null, cut = false, at } = event;
  const result = claim === null ? null : normaliseClaim(claim);
  const revision = { id, agent, number, text, claim, result, cut, at };
  return {
    ...state,
    revisions: [...state.revisions, revision],
    latest: state.agents.flatMap((a) =>
      a.id === agent ? revision : (state.latest.find((other) => other.agent === a.id) ?? []),
    ),
  };
}
