import type { TurnEvent } from "../../../src/coordination/turn-event.ts";
import type { TurnState } from "../../../src/coordination/turn-state.ts";

type DuringTurn = TurnState["policy"]["during_turn"];

/** Which threads have a running turn, and what another message does there. */
export interface Activity {
  /** A message was sent: it may start a turn. */
  sent(thread: string): void;
  event(thread: string, event: TurnEvent, state: TurnState): void;
  /** A running status was shown. */
  statusShown(thread: string): void;
  ended(thread: string): void;
  isRunning(thread: string): boolean;
  /** What happens to a message that is sent now; undefined: it starts a turn. */
  duringTurn(thread: string): DuringTurn | undefined;
}

export function createActivity(): Activity {
  const running = new Map<string, DuringTurn | null>();
  return {
    sent(thread) {
      if (!running.has(thread)) running.set(thread, null);
    },
    event(thread, event, state) {
      if (event.type === "turn_ended") running.delete(thread);
      else running.set(thread, state.policy.during_turn);
    },
    statusShown(thread) {
      if (!running.has(thread)) running.set(thread, null);
    },
    ended: (thread) => void running.delete(thread),
    isRunning: (thread) => running.has(thread),
    duringTurn: (thread) => running.get(thread) ?? undefined,
  };
}
