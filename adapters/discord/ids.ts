import { formatConversationId, parseConversationId, type ConversationId } from "../../src/ids.ts";

/** Where a conversation is on Discord: a thread, a direct channel, or a channel without threads. */
export interface DiscordPlace {
  /** Absent in direct messages. */
  readonly guild: string | undefined;
  /** The thread's channel; without threads, the same as `thread`. */
  readonly channel: string;
  /** The channel or thread that has the messages. */
  readonly thread: string;
}

/** Replaces the server in direct messages, as in Discord's own links. */
const DIRECT = "@me";

export const conversationOf = ({ guild, channel, thread }: DiscordPlace): ConversationId =>
  formatConversationId({ platform: "discord", space: guild ?? DIRECT, channel, thread });

export function placeOf(conversation: ConversationId): DiscordPlace {
  const { space, channel, thread } = parseConversationId(conversation);
  return { guild: space === DIRECT ? undefined : space, channel, thread };
}

/** Discord's epoch, ms after the Unix epoch. */
const EPOCH = 1_420_070_400_000;

/** When a snowflake was created, ms since the epoch; undefined: the id is none, as on some compatible servers. */
export const snowflakeTime = (id: string): number | undefined =>
  /^\d{15,20}$/.test(id) ? Number(BigInt(id) >> 22n) + EPOCH : undefined;

/** When a message with this id was posted, ms since the epoch; undefined: the id does not tell, because a compatible server may count from any number. */
export function postedAt(id: string, now: number): number | undefined {
  const at = snowflakeTime(id);
  return at !== undefined && Math.abs(now - at) < LONGEST_TURN_MS ? at : undefined;
}

/** Messages that are still edited are younger. */
const LONGEST_TURN_MS = 7 * 24 * 3_600_000;

/** The lowest snowflake of a moment. */
export const snowflakeAt = (time: number): string =>
  String(BigInt(Math.max(0, Math.floor(time) - EPOCH)) << 22n);

/** Whether `id` is newer than `other`. */
export const isNewerId = (id: string, other: string): boolean =>
  id.length === other.length ? id > other : id.length > other.length;
