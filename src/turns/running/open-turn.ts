import type { RunningTurn } from "../../coordination/runner/runner.ts";
import type { ConversationId, TurnId } from "../../ids.ts";
import { forPeople } from "../../progress/for-people.ts";
import { type StatusView, statusView, type WaitingMessage } from "../../progress/status-view.ts";

/** A turn that this process runs. */
export interface OpenTurn {
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  readonly running: RunningTurn;
  /** Updates its status. */
  refresh(): void;
  /** Which messages wait for the next turn. */
  setWaiting(messages: readonly WaitingMessage[]): void;
}

/** Callbacks of a running turn for its status. */
export interface TurnListener {
  readonly onDelta: (delta: { text: string; reset: boolean }) => void;
  readonly onEvent: () => void;
}

export interface OpenTurnOptions {
  readonly turn: TurnId;
  readonly conversation: ConversationId;
  readonly start: (listener: TurnListener) => RunningTurn;
  /** Running time, ms. */
  readonly runningTime: () => number;
  readonly show: (view: StatusView) => void;
}

/** UTF-16 code units; a longer answer needs several messages, and cannot become the one in which it streams. */
const LONGEST_PREVIEW = 12_000;

/** Starts a turn and tracks what its events do not contain: the streaming text of a lone agent, and the queued messages. */
export function createOpenTurn(options: OpenTurnOptions): OpenTurn {
  const { turn, conversation } = options;
  let waiting: readonly WaitingMessage[] = [];
  let preview = "";
  const running = options.start({
    onDelta({ text, reset }) {
      const state = running.state();
      // A team posts only one of its answers, so none is previewed.
      if (state.mode !== "solo" && state.agents.length > 1) return;
      preview = ((reset ? "" : preview) + text).slice(-LONGEST_PREVIEW);
      refreshSoon();
    },
    onEvent() {
      if (running.state().agents.every(({ move }) => move === null)) preview = "";
      refresh();
    },
  });
  let isComing = false;
  /** A stream brings thousands of pieces at once: they become one view. */
  const refreshSoon = () => {
    if (!isComing) setImmediate(refresh);
    isComing = true;
  };
  const refresh = () => {
    isComing = false;
    const now = options.runningTime();
    options.show(statusView(forPeople(running.state(), conversation), { now, waiting, preview }));
  };
  return {
    turn,
    conversation,
    running,
    refresh,
    setWaiting(messages) {
      waiting = messages;
      refresh();
    },
  };
}
