import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";

/** One of Parley's own messages, by where it stands. */
export interface OwnMessage {
  readonly conversation: ConversationId;
  readonly mark: DeliveryMark;
}

interface MessageKey {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
}

const MOST = 10_000;

/** The latest of Parley's own messages, so that a reaction on one need not be looked up. */
export function createPostedMessages() {
  const posted = createBoundedMap<string, OwnMessage>(MOST);
  const keyOf = ({ team, channel, ts }: MessageKey) => `${team}:${channel}:${ts}`;
  return {
    add: (key: MessageKey, message: OwnMessage): void => posted.set(keyOf(key), message),
    find: (key: MessageKey): OwnMessage | undefined => posted.get(keyOf(key)),
  };
}

export type PostedMessages = ReturnType<typeof createPostedMessages>;
