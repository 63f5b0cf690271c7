import { z } from "zod";

/** One thread on a platform: `{platform}:{space}:{channel}:{thread}`, each part percent-encoded. Only this file builds or reads one. */
export const ConversationId = z
  .string()
  .regex(/^[^:]+:[^:]*:[^:]*:[^:]+$/, "a conversation id reads platform:space:channel:thread")
  .brand<"ConversationId">();
export type ConversationId = z.infer<typeof ConversationId>;

/** One request and all that leads to its final answer. Unique across conversations; sorts by creation time (UUIDv7). */
export const TurnId = z.string().min(1).brand<"TurnId">();
export type TurnId = z.infer<typeof TurnId>;

const UUID_V7 = /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-/i;

/** When a turn was accepted, ms since the epoch, from its UUIDv7; undefined: the id is none. */
export function turnTime(turn: TurnId): number | undefined {
  const [, high, low] = UUID_V7.exec(turn) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}

/** A member of a team, as its team file names it. */
export const AgentId = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,31}$/,
    "an agent id is 1–32 of a–z, 0–9, - and _, and starts with a letter",
  )
  .brand<"AgentId">();
export type AgentId = z.infer<typeof AgentId>;

/** The place of a conversation, from the outside in; bindings are looked up along it. */
export interface Place {
  readonly platform: string;
  /** Slack team, Discord guild; "" where the platform has none. */
  readonly space: string;
  readonly channel: string;
  readonly thread: string;
}

/** "terminal" of "terminal-3f9a2c11", the name of one of several terminals. */
export const platformKind = (platform: string): string => platform.replace(/-.*/s, "");

/** Formats a place as the conversation's id. */
export const formatConversationId = (place: Place): ConversationId =>
  ConversationId.parse(
    [place.platform, place.space, place.channel, place.thread].map(encodeURIComponent).join(":"),
  );

/** Parses a conversation's id. Throws on any other string. */
export function parseConversationId(id: ConversationId): Place {
  const [platform = "", space = "", channel = "", thread = ""] = ConversationId.parse(id)
    .split(":")
    .map(decodeURIComponent);
  return { platform, space, channel, thread };
}
