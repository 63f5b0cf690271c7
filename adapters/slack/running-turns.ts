import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../../src/ids.ts";

/** The turns that run here, one in a conversation, told by their events. */
export function createRunningTurns(on: {
  readonly begun: (conversation: ConversationId) => void;
  readonly ended: (conversation: ConversationId) => void;
}) {
  const running = new Map<ConversationId, TurnId>();
  const end = (conversation: ConversationId): void => {
    if (running.delete(conversation)) on.ended(conversation);
  };
  return {
    turnEvent(
      conversation: ConversationId,
      { type }: Pick<TurnEvent, "type">,
      { turn }: Pick<TurnState, "turn">,
    ): void {
      if (type === "turn_ended") return end(conversation);
      if (running.get(conversation) === turn) return;
      running.set(conversation, turn);
      on.begun(conversation);
    },
    /** A turn that broke off has no last event. */
    turnDone: end,
  };
}

export type RunningTurns = ReturnType<typeof createRunningTurns>;
