import { opensWithMention } from "../../../src/adapter-kit/mentions.ts";
import type { Addressed } from "../../../src/platform.ts";
import { isOwn, type Self } from "../post/own-messages.ts";
import { withoutCode } from "../threads/read-text.ts";
import {
  type EventEnvelope,
  MessageEvent,
  ReactionEvent,
  SessionStoppedEvent,
} from "../wire/event.ts";
import { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";

/** Where something happened. Outside a thread, the message is the root of its own. */
interface Spot {
  readonly channel: string;
  readonly thread: string;
}

export interface AddressedMessage extends Spot {
  readonly message: SlackMessage;
  readonly addressed: Addressed;
}

/** What an event means for Parley. `eventId` is the same in every redelivery. */
export type ParsedEvent =
  | ({ readonly kind: "message" } & AddressedMessage)
  | ({ readonly kind: "edited"; readonly eventId: string } & AddressedMessage)
  | ({ readonly kind: "deleted"; readonly ts: string; readonly eventId: string } & Spot)
  | {
      readonly kind: "reaction";
      readonly reaction: string;
      readonly user: string;
      readonly channel: string;
      readonly ts: string;
      readonly eventId: string;
    }
  | ({
      readonly kind: "stop";
      readonly user: string | undefined;
      readonly eventId: string;
    } & Spot);

/** The subtypes of messages that people write; all others are Slack's own notices. */
const PEOPLES: ReadonlySet<string | undefined> = new Set([
  undefined,
  "file_share",
  "thread_broadcast",
  "me_message",
]);

/** Reads an event; null: it does not concern Parley. Pure. */
export function parseEvent({ event, event_id: id }: EventEnvelope, self: Self): ParsedEvent | null {
  switch (event.type) {
    case "message":
    case "app_mention":
      return parseMessageEvent(event, self);
    case "reaction_added":
      return parseReaction(event, self);
    case "agent_session_stopped":
      return parseStop(event, id);
    default:
      return null;
  }
}

function parseMessageEvent(source: unknown, self: Self): ParsedEvent | null {
  const { data: event } = MessageEvent.safeParse(source);
  if (!event) return null;
  if (event.subtype === "message_changed") return parseEdit(event, self);
  if (event.subtype === "message_deleted") return parseDeletion(event, self);
  const { data: message } = SlackMessage.safeParse(source);
  if (!message || !isPeoples(message, self)) return null;
  return { kind: "message", ...said(message, event, self) };
}

/** Reads a message of a thread; null: it does not concern Parley. */
export function parseMessage(
  message: SlackMessage,
  channel: string,
  self: Self,
): AddressedMessage | null {
  const { data: event } = MessageEvent.safeParse({ ...message, type: "message", channel });
  return event && isPeoples(message, self) ? said(message, event, self) : null;
}

/** Not Parley's, not another bot's, not hidden. */
const isPeoples = (message: SlackMessage, self: Self): boolean =>
  PEOPLES.has(message.subtype) &&
  !message.hidden &&
  message.bot_id === undefined &&
  message.user !== undefined &&
  message.user !== self.botUser &&
  message.user !== "USLACKBOT";

function said(message: SlackMessage, event: MessageEvent, self: Self): AddressedMessage {
  const where = { kind: channelKindOf(event), appMention: event.type === "app_mention" };
  return {
    message,
    channel: event.channel,
    thread: threadOf(message),
    addressed: addressedOf(message, where, self),
  };
}

const threadOf = ({ ts, thread_ts: thread }: SlackMessage): string => thread ?? ts;

/** Slack also sends this event for link previews and language detection: only changes by the author count. */
function parseEdit(event: MessageEvent, self: Self): ParsedEvent | null {
  const { message, previous_message: before, channel } = event;
  if (!message) return null;
  const eventId = eventIdOf(event, message.ts);
  // The root was deleted, and its thread stays.
  if (message.subtype === "tombstone") {
    const thread = threadOf(message);
    return { kind: "deleted", channel, thread, ts: message.ts, eventId };
  }
  if (!isPeoples({ ...message, hidden: undefined }, self)) return null;
  const changed = before ? saysOf(before) !== saysOf(message) : Boolean(message.edited);
  return changed ? { kind: "edited", ...said(message, event, self), eventId } : null;
}

const saysOf = ({ text, files }: SlackMessage): string =>
  JSON.stringify([text, files.map(({ id }) => id)]);

function parseDeletion(event: MessageEvent, self: Self): ParsedEvent | null {
  const { previous_message: before, channel } = event;
  const ts = event.deleted_ts ?? before?.ts;
  if (ts === undefined || (before && isOwn(before, self))) return null;
  const thread = before ? threadOf({ ...before, ts }) : ts;
  return { kind: "deleted", channel, thread, ts, eventId: eventIdOf(event, ts) };
}

const eventIdOf = ({ event_ts: at, ts }: MessageEvent, about: string): string =>
  `${about}:${at ?? ts ?? ""}`;

function parseReaction(source: unknown, self: Self): ParsedEvent | null {
  const { data } = ReactionEvent.safeParse(source);
  if (!data || data.user === self.botUser) return null;
  if (data.item_user !== undefined && data.item_user !== self.botUser) return null;
  const { reaction, user, item, event_ts: at } = data;
  const eventId = `reaction:${item.ts}:${user}:${reaction}:${at ?? ""}`;
  return { kind: "reaction", reaction, user, channel: item.channel, ts: item.ts, eventId };
}

function parseStop(source: unknown, id: string | undefined): ParsedEvent | null {
  const { data } = SessionStoppedEvent.safeParse(source);
  if (!data) return null;
  const eventId = `session-stopped:${data.event_ts ?? id ?? data.thread_ts}`;
  return { kind: "stop", channel: data.channel, thread: data.thread_ts, user: data.user, eventId };
}

/** The kind of channel that a message is in. */
type ChannelKind = "im" | "mpim" | "channel";

/** `channel_type` is absent in `app_mention` events, and in some others. */
function channelKindOf({ channel, channel_type: type }: MessageEvent): ChannelKind {
  if (type === "im" || type === "mpim") return type;
  return type === undefined && channel.startsWith("D") ? "im" : "channel";
}

const OPENS_WITH_MENTION = opensWithMention("<(?:@|!subteam\\^|!here|!channel|!everyone)");

/** How a message is addressed. `app_mention` and `message`, the two copies of a mention, give the same result. */
export function addressedOf(
  message: SlackMessage,
  { kind, appMention }: { kind: ChannelKind; appMention: boolean },
  { botUser }: Pick<Workspace, "botUser">,
): Addressed {
  if (mentions(message, botUser)) return "mention";
  // Slack says so, but the mention is in something other than the text.
  if (appMention && !message.text.includes(`<@${botUser}`)) return "mention";
  if (kind === "im") return "direct";
  if (OPENS_WITH_MENTION.test(withoutCode(message.text))) return "none";
  if (kind === "mpim") return "direct";
  return isReply(message) ? "thread" : "channel";
}

const isReply = ({ ts, thread_ts: thread }: SlackMessage): boolean =>
  thread !== undefined && thread !== ts;

/** Whether a message mentions a user outside of code. */
export const mentions = ({ text, blocks }: SlackMessage, user: string): boolean =>
  mentionOf(user).test(withoutCode(text)) || hasUserElement(blocks, user);

/** "<@U012AB3CD>" or "<@U012AB3CD|parley>". */
const mentionOf = (user: string): RegExp => new RegExp(`<@${RegExp.escape(user)}(?:\\|[^>]*)?>`);

/** Rich text tells a real mention from one that is quoted as code, whatever the backticks around it. */
function hasUserElement(value: unknown, user: string): boolean {
  if (Array.isArray(value)) return value.some((entry) => hasUserElement(entry, user));
  if (typeof value !== "object" || value === null) return false;
  if ("type" in value && value.type === "user" && "user_id" in value) return value.user_id === user;
  return "elements" in value && hasUserElement(value.elements, user);
}
