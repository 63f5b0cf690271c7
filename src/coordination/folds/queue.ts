import { withAgent } from "../spending.ts";
import type { EventOf } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** The move waits for room; news of the same wait does not start it anew. */
export function queueMove(state: TurnState, event: EventOf<"move_queued">): TurnState {
  const { agent, at, cause, resumesInMs, isFresh } = event;
  const resumesAt = resumesInMs === null ? null : at + resumesInMs;
  return withAgent(state, agent, ({ move, since }) => ({
    move: move && {
      ...move,
      queue: { since: move.queue?.since ?? at, cause, resumesAt, isFresh },
    },
    since: move?.queue ? since : at,
  }));
}

/** The call is sent, in place of one that failed before. */
export const sendMove = (state: TurnState, { agent, at }: EventOf<"move_sent">): TurnState =>
  withAgent(state, agent, ({ move }) => ({
    move: move?.queue
      ? { ...move, queue: null, queuedMs: move.queuedMs + at - move.queue.since, retry: null }
      : move,
    since: at,
  }));
