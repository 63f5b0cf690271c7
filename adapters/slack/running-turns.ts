import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../../src/ids.ts";
import { placeOf } from "./place.ts";

/** Beyond this the oldest are forgotten. */
const MOST_CHANNELS = 5_000;

/** The turns that run here, one in a conversation, told by their events. */
export function createRunningTurns(on: {
  readonly begun: (conversation: ConversationId) => void;
  readonly ended: (conversation: ConversationId) => void;
}) {
  const running = new Map<ConversationId, TurnId>();
  const latest = new Map<string, ConversationId>();
  const sawIn = (conversation: ConversationId): void => {
    const channel = channelOf(conversation);
    latest.delete(channel);
    latest.set(channel, conversation);
    const oldest = latest.keys().next().value;
    if (latest.size > MOST_CHANNELS && oldest !== undefined) latest.delete(oldest);
  };
  const end = (conversation: ConversationId): void => {
    if (running.delete(conversation)) on.ended(conversation);
  };
  return {
    in: (conversation: ConversationId): TurnId | undefined => running.get(conversation),
    /** The threads of a channel in which a turn runs, and the one in which the last turn began. */
    threadsIn(team: string, channel: string) {
      const key = `${team}:${channel}`;
      return {
        running: [...running.keys()].filter((conversation) => channelOf(conversation) === key),
        latest: latest.get(key),
      };
    },
    turnEvent(
      conversation: ConversationId,
      { type }: Pick<TurnEvent, "type">,
      { turn }: Pick<TurnState, "turn">,
    ): void {
      if (type === "turn_ended") return end(conversation);
      if (running.get(conversation) === turn) return;
      running.set(conversation, turn);
      sawIn(conversation);
      on.begun(conversation);
    },
    /** A turn that broke off has no last event. */
    turnDone: end,
  };
}

const channelOf = (conversation: ConversationId): string => {
  const { team, channel } = placeOf(conversation);
  return `${team}:${channel}`;
};

export type RunningTurns = ReturnType<typeof createRunningTurns>;
