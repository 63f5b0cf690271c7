import { lastStart } from "./clocks.ts";
import { isSpared } from "./pooled/checker.ts";
import { liveAgents } from "./selectors.ts";
import type { AgentState, Revision, TurnState } from "./turn-state.ts";

const ms = (seconds: number): number => seconds * 1000;

/** No further move may start. */
const isClosedToMoves = (state: TurnState): boolean =>
  state.closing !== null || state.stopped !== null || state.budget !== null;

/** The agents that take part: all of them, or the first live one when the team works solo. */
function seats(state: TurnState): readonly AgentState[] {
  const live = liveAgents(state);
  return state.mode === "solo" ? live.slice(0, 1) : live;
}

/** Agents whose first answer should be started now. */
export function dueAnswers(state: TurnState): readonly AgentState[] {
  if (isClosedToMoves(state) || state.mode === "auto" || state.now >= lastStart(state)) return [];
  return seats(state).filter(({ hasAnswered, move }) => !hasAnswered && move === null);
}

/** Whether a first answer is still to come. */
export const awaitsFirstAnswer = (state: TurnState): boolean =>
  liveAgents(state).some(({ hasAnswered, move }) => !hasAnswered && move !== null) ||
  dueAnswers(state).length > 0;

/** Current revisions of others that the agent has not yet reviewed. */
export const unreviewed = (state: TurnState, agent: AgentState): readonly Revision[] =>
  state.latest.filter(
    (revision) => revision.agent !== agent.id && !agent.reviewed.includes(revision.id),
  );

/** Whether the agent has not yet seen the newest steering message. */
export const missesSteering = (state: TurnState, agent: AgentState): boolean =>
  agent.seenSteering < state.inbox.length;

/** Whether the agent has something to review, ignoring its rounds. */
const hasToReview = (state: TurnState, agent: AgentState): boolean =>
  agent.hasAnswered && (missesSteering(state, agent) || hasNews(state, agent));

/** Whether answers stand that it has not read, unless another one reads them for all. */
const hasNews = (state: TurnState, agent: AgentState): boolean =>
  unreviewed(state, agent).length > 0 &&
  !(isSettledTeam(state) && isSpared(state, agent, (one) => unreviewed(state, one).length > 0));

/** All have answered and seen every message. */
const isSettledTeam = (state: TurnState): boolean =>
  !awaitsFirstAnswer(state) && liveAgents(state).every((agent) => !missesSteering(state, agent));

/** Whether the team reads the answers once more and the agent has not done so yet. */
const owesReread = (state: TurnState, agent: AgentState): boolean =>
  state.reading > 1 && mayRereadBy(agent) && agent.reading < state.reading;

/** A reviewer whose last review brought no scores is not asked for the same once more. */
const mayRereadBy = ({ hasAnswered, abstained }: AgentState): boolean =>
  hasAnswered && abstained === null;

/** Whether anybody could still read the answers once more. */
export const hasRereaders = (state: TurnState): boolean =>
  liveAgents(state).some(
    (agent) => mayRereadBy(agent) && agent.asked.review < state.policy.limits.rounds,
  );

/** Whether to ask the agent for a (further) review, now or once its batch is complete. */
export const wantsReview = (state: TurnState, agent: AgentState): boolean =>
  !isClosedToMoves(state) &&
  agent.asked.review < state.policy.limits.rounds &&
  (hasToReview(state, agent) || owesReread(state, agent));

/** Live agents that ran out of rounds with something left to review. */
export const outOfRounds = (state: TurnState): readonly AgentState[] =>
  liveAgents(state).filter(
    (agent) =>
      state.policy.limits.rounds > 0 &&
      agent.asked.review >= state.policy.limits.rounds &&
      agent.move === null &&
      hasToReview(state, agent),
  );

/** Live agents with a review running or to come. */
export const pendingReviewers = (state: TurnState): readonly AgentState[] =>
  liveAgents(state).filter((agent) => agent.move?.kind === "review" || wantsReview(state, agent));

/** Whether a review started now may offer a new answer. */
export const mayRevise = (state: TurnState, agent: AgentState): boolean =>
  state.reading === 1 &&
  agent.revised < state.policy.limits.revisions_per_agent &&
  state.now < lastStart(state);

/** Agents whose review should be started now. */
export const dueReviews = (state: TurnState): readonly AgentState[] =>
  liveAgents(state).filter(
    (agent) => agent.move === null && wantsReview(state, agent) && isBatchComplete(state, agent),
  );

/**
 * Batches late answers and revisions. A reviewer is asked when nothing more is expected soon (no first answer is running, and no earlier
 * review that may bring a revision), or when `gather` has passed.
 */
function isBatchComplete(state: TurnState, agent: AgentState): boolean {
  if (state.now >= gatherDeadline(state, agent)) return true;
  return !awaitsFirstAnswer(state) && !awaitsWave(state, agent);
}

function awaitsWave(state: TurnState, agent: AgentState): boolean {
  if (isFirstReview(agent)) return false;
  const since = waitingSince(state, agent);
  return liveAgents(state).some(
    ({ move }) => move?.kind === "review" && move.mayRevise && move.startedAt < since,
  );
}

/** It has not reviewed anything of the others yet. */
const isFirstReview = (agent: AgentState): boolean =>
  agent.reviewed.every((revision) => revision.startsWith(`${agent.id}.`));

/** When the earliest item it has to review appeared. */
function waitingSince(state: TurnState, agent: AgentState): number {
  const times = unreviewed(state, agent).map(({ at }) => at);
  if (missesSteering(state, agent) && state.steeredAt !== null) times.push(state.steeredAt);
  return Math.min(...times);
}

/** When the agent is asked even if the batch is incomplete; Infinity while there are fewer answers than the quorum. */
function gatherDeadline(state: TurnState, agent: AgentState): number {
  const { gather, quorum } = state.policy.limits;
  const live = liveAgents(state);
  const answered = state.agents.filter(({ hasAnswered }) => hasAnswered).length;
  if (answered < Math.min(quorum, live.length)) return Number.POSITIVE_INFINITY;
  const first = state.revisions[0]?.at ?? 0;
  const since =
    isFirstReview(agent) && state.steeredAt === null ? first : waitingSince(state, agent);
  return since + ms(gather);
}

/** Running times at which a review becomes due by the clock. */
export const gatherDeadlines = (state: TurnState): readonly number[] =>
  liveAgents(state)
    .filter((agent) => agent.move === null && wantsReview(state, agent))
    .map((agent) => gatherDeadline(state, agent));
