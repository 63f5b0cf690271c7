import type { AgentId } from "../../ids.ts";
import { NO_USAGE, spendBy, withAgent } from "../spending.ts";
import { tokensOf } from "../selectors.ts";
import type { Failed } from "../failed.ts";
import type { QueueCause } from "../queue-events.ts";
import type { EventOf } from "../turn-event.ts";
import type { Usage } from "../usage.ts";
import type { RunningMove, TurnState } from "../turn-state.ts";

/** The agent's running move. */
const moveOf = (state: TurnState, agent: AgentId): RunningMove | null =>
  state.agents.find(({ id }) => id === agent)?.move ?? null;

export function startMove(state: TurnState, event: EventOf<"move_started">): TurnState {
  const { revisions, mayRevise, steering, estimate, kind } = event;
  const started = withAgent(state, event.agent, ({ asked }) => ({
    move: {
      id: event.move,
      kind,
      startedAt: event.at,
      revisions,
      mayRevise,
      steering,
      estimate,
      metered: null,
      retry: null,
      queue: null,
      queuedMs: 0,
    },
    asked: { ...asked, [kind]: asked[kind] + 1 },
    since: event.at,
  }));
  return { ...started, started: started.started + 1 };
}

export function retryMove(state: TurnState, event: EventOf<"move_retrying">): TurnState {
  const { attempt, failure, message, delayMs } = event;
  const retrying = withAgent(state, event.agent, ({ move }) => ({
    move: move && { ...move, retry: { attempt, failure, message, delayMs } },
    since: event.at,
  }));
  return { ...retrying, retries: retrying.retries + 1 };
}

/** What a running move has used so far. */
export const meterMove = (state: TurnState, { agent, move, usage }: EventOf<"move_metered">) =>
  withAgent(state, agent, (member) => ({
    move: member.move?.id === move ? { ...member.move, metered: usage } : member.move,
  }));

/** The usage recorded for an aborted move. Old journals without metering have only the estimate. A call that was not sent costs nothing. */
function usedBy({ metered, estimate, queue }: RunningMove): Usage {
  if (metered ?? queue) return metered ?? NO_USAGE;
  const { tokens, costUsd } = estimate.prompt ?? estimate;
  return { ...NO_USAGE, input: tokens, costUsd, estimated: tokens };
}

/** A move that ended with its process, or before it cost anything, does not count as a round. */
export function abortMove(state: TurnState, event: EventOf<"move_aborted">): TurnState {
  const move = moveOf(state, event.agent);
  if (!move) return state;
  const usage = usedBy(move);
  const refund = event.cause === "interrupted" || move.queue?.isFresh ? 1 : 0;
  const aborted = withAgent(state, event.agent, ({ asked }) => ({
    move: null,
    asked: { ...asked, [move.kind]: asked[move.kind] - refund },
    since: event.at,
  }));
  return {
    ...spendBy(aborted, event.agent, usage),
    wasted: aborted.wasted + tokensOf(usage),
  };
}

export function failMove(state: TurnState, event: EventOf<"move_failed">): TurnState {
  const { failure, message, until, usage } = event;
  const reason = event.reason ?? (isMoveTimeout(event) ? "time_limit" : undefined);
  const failed = {
    failure,
    message,
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
  };
  return dropOut(state, event, { failed, usage });
}

/** Before `move_timed_out`, the core reported a move that took too long like this. */
const isMoveTimeout = ({ failure, message }: EventOf<"move_failed">): boolean =>
  failure === "timeout" && /^no result within \d/.test(message);

export function timeOutMove(state: TurnState, event: EventOf<"move_timed_out">): TurnState {
  const cause = moveOf(state, event.agent)?.queue?.cause ?? "room";
  const failed = event.limit === "move_timeout" ? tooSlow(state) : waitedTooLong(state, cause);
  return dropOut(state, event, { failed, usage: null });
}

const tooSlow = ({ policy }: TurnState): Failed => ({
  failure: "timeout",
  message: `no result within ${policy.limits.move_timeout} s`,
  reason: "time_limit",
});

const waitedTooLong = ({ policy }: TurnState, cause: QueueCause): Failed => ({
  failure: "no_room",
  message: `${WAITED_FOR[cause]} for ${policy.limits.queue_timeout} s`,
  reason: cause === "room" ? "room_wait" : "rate_limit_wait",
});

const WAITED_FOR: Readonly<Record<QueueCause, string>> = {
  room: "it waited for a free call slot",
  rate_limit: "it waited for the end of a rate limit",
};

interface Drop {
  readonly failed: Failed;
  readonly usage: Usage | null;
}

/** The agent leaves the turn, unless it failed to rewrite an elected answer. */
function dropOut(
  state: TurnState,
  { agent, at }: { readonly agent: AgentId; readonly at: number },
  { failed, usage }: Drop,
): TurnState {
  const move = moveOf(state, agent);
  const dropped = withAgent(state, agent, () => ({
    move: null,
    failed: move?.kind === "present" ? null : failed,
    since: at,
  }));
  const used = usage ?? move?.metered;
  return used ? spendBy(dropped, agent, used) : dropped;
}
