import type { AgentId } from "../../ids.ts";
import { NO_USAGE, spendBy, withAgent } from "../spending.ts";
import { tokensOf } from "../selectors.ts";
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

/** The usage recorded for an aborted move. Old journals without metering have only the estimate. */
function usedBy({ metered, estimate }: RunningMove): Usage {
  const { tokens, costUsd } = estimate.prompt ?? estimate;
  return metered ?? { ...NO_USAGE, input: tokens, costUsd, estimated: tokens };
}

/** A move that ended with its process does not count as a round. */
export function abortMove(state: TurnState, event: EventOf<"move_aborted">): TurnState {
  const move = moveOf(state, event.agent);
  if (!move) return state;
  const usage = usedBy(move);
  const refund = event.cause === "interrupted" ? 1 : 0;
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

/** The agent leaves the turn, unless it failed to rewrite an elected answer. */
export function failMove(state: TurnState, event: EventOf<"move_failed">): TurnState {
  const move = moveOf(state, event.agent);
  const { failure, message, reason, until } = event;
  const failed = withAgent(state, event.agent, () => ({
    move: null,
    failed:
      move?.kind === "present"
        ? null
        : {
            failure,
            message,
            ...(reason !== undefined && { reason }),
            ...(until !== undefined && { until }),
          },
    since: event.at,
  }));
  const usage = event.usage ?? move?.metered;
  return usage ? spendBy(failed, event.agent, usage) : failed;
}
