import { clockOf, standsStill } from "./clocks.ts";
import { begin } from "./folds/begin.ts";
import { pendingReviewers } from "./due.ts";
import {
  abortMove,
  failMove,
  meterMove,
  retryMove,
  startMove,
  timeOutMove,
} from "./folds/moves.ts";
import { prefer, steer } from "./folds/people.ts";
import { queueMove, sendMove } from "./folds/queue.ts";
import { applyResult } from "./folds/results.ts";
import { spendOnRouting } from "./spending.ts";
import { revisionOf } from "./selectors.ts";
import type { EventOf, TurnEvent } from "./turn-event.ts";
import type { TurnState } from "./turn-state.ts";

/** Folds a whole journal; throws when it does not begin with `turn_started`. */
export function fold(events: readonly TurnEvent[]): TurnState {
  const [first, ...rest] = events;
  if (first?.type !== "turn_started") throw new Error("A journal begins with turn_started.");
  return rest.reduce(advance, begin(first));
}

/** The state after one more event. Pure: the same events always give the same state. */
export function advance(state: TurnState, event: TurnEvent): TurnState {
  const now = Math.max(state.now, event.at);
  const queuedMs = state.queuedMs + (standsStill(state) ? now - state.now : 0);
  const next = apply({ ...state, now, queuedMs }, event.type, event);
  return { ...next, aloneSince: aloneSince(next) };
}

/** Since when, on the turn's clock, exactly one reviewer is pending; `grace` starts here. */
function aloneSince(state: TurnState): number | null {
  if (state.closing || state.revisions.length === 0 || pendingReviewers(state).length !== 1) {
    return null;
  }
  return state.aloneSince ?? clockOf(state);
}

type Folds = {
  readonly [T in TurnEvent["type"]]: (state: TurnState, event: EventOf<T>) => TurnState;
};

const folds: Folds = {
  turn_started: (state) => state,
  time_passed: (state) => state,
  cache_chosen: (state, { life, by, paceMs, idleMs }) => ({
    ...state,
    cache: { life, by, paceMs, idleMs },
  }),
  turn_routed: route,
  turn_queued: (state) => ({ ...state, isTurnQueued: true }),
  slot_taken: (state) => ({ ...state, isTurnQueued: false }),
  routing_queued: (state) => ({ ...state, isRouterQueued: true }),
  routing_sent: (state) => ({ ...state, isRouterQueued: false }),
  routing_aborted: (state, { usage }) => spendOnRouting(endRouting(state), usage),
  move_started: startMove,
  move_retrying: retryMove,
  move_queued: queueMove,
  move_sent: sendMove,
  move_metered: meterMove,
  move_aborted: abortMove,
  move_failed: failMove,
  move_timed_out: timeOutMove,
  answer_given: applyResult,
  revision_offered: applyResult,
  vote_cast: applyResult,
  answer_repeated: applyResult,
  abstained: applyResult,
  answer_presented: applyResult,
  answer_checked: (state, { revision, check, findings, more }) => ({
    ...state,
    checks: [...state.checks, { revision, check, findings, more }],
  }),
  reread_called: (state, { reading }) => ({ ...state, reading }),
  message_steered: steer,
  preference_given: prefer,
  budget_reached: (state, { limit }) => ({ ...state, budget: state.budget ?? limit }),
  finish_requested: (state, { by }) => ({ ...state, finishedBy: state.finishedBy ?? by }),
  turn_stopped: (state, { by, reason }) => ({ ...state, stopped: state.stopped ?? { by, reason } }),
  turn_closed: (state, closing) => ({ ...state, closing }),
  turn_ended: end,
  answer_recalled: recall,
};

function apply<T extends TurnEvent["type"]>(
  state: TurnState,
  type: T,
  event: EventOf<T>,
): TurnState {
  const foldOne: Folds[T] = folds[type];
  return foldOne(state, event);
}

const endRouting = (state: TurnState): TurnState => ({ ...state, isRouterQueued: false });

function route(state: TurnState, event: EventOf<"turn_routed">): TurnState {
  const routed = {
    ...endRouting(state),
    mode: event.mode,
    routing: { mode: event.mode, reason: event.reason },
  };
  return event.usage ? spendOnRouting(routed, event.usage) : routed;
}

/** The turn counts as answered, with what it had when it was stopped. */
function recall(
  state: TurnState,
  { revision, decidedBy, at }: EventOf<"answer_recalled">,
): TurnState {
  const closing = state.closing ?? { closedBy: "stopped", limit: null, unseen: [], at };
  const presented = revisionOf(state, revision)?.text ?? null;
  return { ...state, closing: { ...closing, revision, decidedBy }, presented, outcome: "answered" };
}

function end(state: TurnState, { outcome }: EventOf<"turn_ended">): TurnState {
  const elected = revisionOf(state, state.closing?.revision ?? null)?.text ?? null;
  return {
    ...state,
    outcome,
    presented: outcome === "answered" ? (state.presented ?? elected) : null,
  };
}
