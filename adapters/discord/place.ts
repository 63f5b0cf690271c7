import { formatConversationId, parseConversationId } from "../../src/ids.ts";
import type { ConversationId } from "../../src/ids.ts";

/** A conversation of Discord: a thread, a direct channel, or a channel in which there are no threads. */
export interface DiscordPlace {
  /** Absent in direct messages. */
  readonly guild: string | undefined;
  /** The channel that the thread belongs to; without threads, the same as `thread`. */
  readonly channel: string;
  /** Id of the channel that messages are read from and posted to. */
  readonly thread: string;
}

/** What stands for the server in direct messages, as in Discord's own links. */
const DIRECT = "@me";

export const conversationOf = ({ guild, channel, thread }: DiscordPlace): ConversationId =>
  formatConversationId({ platform: "discord", space: guild ?? DIRECT, channel, thread });

export function placeOf(conversation: ConversationId): DiscordPlace {
  const { space, channel, thread } = parseConversationId(conversation);
  return { guild: space === DIRECT ? undefined : space, channel, thread };
}
