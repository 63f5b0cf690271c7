import { isDecided } from "./bound.ts";
import { clockOf, turnDeadline } from "./clocks.ts";
import {
  awaitsFirstAnswer,
  missesSteering,
  outOfRounds,
  pendingReviewers,
  wantsReview,
} from "./due.ts";
import { rereadOf } from "./pooled/reread.ts";
import { liveAgents } from "./selectors.ts";
import { elect } from "./tally.ts";
import type { EventOf } from "./turn-event.ts";
import type { TurnState } from "./turn-state.ts";

/** A close before it is journaled. */
export type Close = Omit<EventOf<"turn_closed">, "at" | "type">;

type Cause = Pick<Close, "closedBy" | "limit">;

/** The smallest team that may close without its last reviewer (in a simulation it costs three agents 2.9 points, four 1.9, seven 0.7). */
const SMALLEST_FOR_GRACE = 4;

/** How the turn closes now and what it presents; null: it stays open. */
export function closingOf(state: TurnState): Close | null {
  const cause = causeOf(state);
  if (!cause) return null;
  const elected = cause.closedBy === "stopped" ? null : elect(state);
  return {
    ...cause,
    revision: elected?.revision ?? null,
    decidedBy: elected?.decidedBy ?? null,
    unseen: unseen(state),
  };
}

const causeOf = (state: TurnState): Cause | null =>
  stopped(state) ??
  finished(state) ??
  timedOut(state) ??
  settled(state) ??
  bounded(state) ??
  graced(state);

const stopped = (state: TurnState): Cause | null =>
  state.stopped && isIdle(state) ? { closedBy: "stopped", limit: null } : null;

/** A person asked for the answer now, and one stands. */
const finished = (state: TurnState): Cause | null =>
  state.finishedBy !== null && state.revisions.length > 0
    ? { closedBy: "person", limit: null }
    : null;

const timedOut = (state: TurnState): Cause | null =>
  state.now >= turnDeadline(state) ? { closedBy: "limit", limit: "turn_timeout" } : null;

/** No move is running or due: all agents are done, or a limit forbids the rest. */
function settled(state: TurnState): Cause | null {
  const toCome =
    awaitsFirstAnswer(state) ||
    liveAgents(state).some((a) => wantsReview(state, a)) ||
    rereadOf(state) !== null;
  if (state.mode === "auto" || toCome || !isIdle(state)) return null;
  const limit = state.budget ?? (outOfRounds(state).length > 0 ? "rounds" : null);
  return limit ? { closedBy: "limit", limit } : { closedBy: "settled", limit: null };
}

const bounded = (state: TurnState): Cause | null =>
  isDecided(state) ? { closedBy: "bound", limit: null } : null;

/** All but one reviewer have voted and `grace` has passed. Never before every agent has answered and seen the steering messages. */
function graced(state: TurnState): Cause | null {
  const { grace } = state.policy.limits;
  const isOver = state.aloneSince !== null && clockOf(state) >= state.aloneSince + grace * 1000;
  const canWait =
    liveAgents(state).length < SMALLEST_FOR_GRACE ||
    pendingReviewers(state).length > 1 ||
    awaitsFirstAnswer(state) ||
    liveAgents(state).some((agent) => missesSteering(state, agent));
  return isOver && !canWait ? { closedBy: "grace", limit: null } : null;
}

const isIdle = (state: TurnState): boolean => state.agents.every(({ move }) => move === null);

/** Inbox messages that no finished move has seen. */
const unseen = (state: TurnState): string[] =>
  state.inbox.slice(Math.max(...state.agents.map((a) => a.seenSteering))).map(({ id }) => id);
