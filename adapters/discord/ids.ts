import { formatConversationId, parseConversationId, type ConversationId } from "../../src/ids.ts";

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

/** Milliseconds from the Unix epoch to Discord's. */
const EPOCH = 1_420_070_400_000;

/** When an id was made, ms since the epoch; undefined where a server makes ids up in another way. */
export const timeOf = (id: string): number | undefined =>
  /^\d{15,20}$/.test(id) ? Number(BigInt(id) >> 22n) + EPOCH : undefined;

/** When a message with this id was posted, ms since the epoch; undefined where its id cannot say: a server may count on from any number. */
export function postedAt(id: string, now: number): number | undefined {
  const at = timeOf(id);
  return at !== undefined && Math.abs(now - at) < LONGEST_TURN_MS ? at : undefined;
}

/** Nothing that is still edited is older. */
const LONGEST_TURN_MS = 7 * 24 * 3_600_000;

/** The first id of a moment: what comes after it in a list of messages is younger. */
export const idAt = (time: number): string =>
  String(BigInt(Math.max(0, Math.floor(time) - EPOCH)) << 22n);

/** Whether one id is younger than another. */
export const isAfter = (id: string, other: string): boolean =>
  id.length === other.length ? id > other : id.length > other.length;
