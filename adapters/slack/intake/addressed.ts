import { opensWithMention } from "../../../src/adapter-kit/mentions.ts";
import type { Addressed } from "../../../src/platform.ts";
import type { Workspace } from "../workspaces.ts";
import { withoutCode } from "../threads/read-text.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { MessageEvent } from "../wire/event.ts";

/** Where a message stands. */
export type ChannelKind = "im" | "mpim" | "channel";

/** `channel_type` is absent in `app_mention` events, and in some others. */
export function channelKindOf({ channel, channel_type: type }: MessageEvent): ChannelKind {
  if (type === "im" || type === "mpim") return type;
  return type === undefined && channel.startsWith("D") ? "im" : "channel";
}

const OPENS_WITH_MENTION = opensWithMention("<(?:@|!subteam\\^|!here|!channel|!everyone)");

/** How a message reaches Parley. Both copies of a mention, `app_mention` and `message`, come to the same. */
export function addressedOf(
  message: SlackMessage,
  { kind, appMention }: { kind: ChannelKind; appMention: boolean },
  { botUser }: Pick<Workspace, "botUser">,
): Addressed {
  if (mentions(message, botUser)) return "mention";
  // Slack says so, and the text has no trace of it: the mention stands in something that is no text.
  if (appMention && !message.text.includes(`<@${botUser}`)) return "mention";
  if (kind === "im") return "direct";
  if (OPENS_WITH_MENTION.test(withoutCode(message.text))) return "none";
  if (kind === "mpim") return "direct";
  return isReply(message) ? "thread" : "channel";
}

const isReply = ({ ts, thread_ts: thread }: SlackMessage): boolean =>
  thread !== undefined && thread !== ts;

/** Whether a message names a user, other than in code. */
export const mentions = ({ text, blocks }: SlackMessage, user: string): boolean =>
  mentionOf(user).test(withoutCode(text)) || hasUserElement(blocks, user);

/** "<@U012AB3CD>" or "<@U012AB3CD|parley>". */
const mentionOf = (user: string): RegExp => new RegExp(`<@${RegExp.escape(user)}(?:\\|[^>]*)?>`);

/** What people wrote as rich text tells a mention from one that is quoted as code, whatever the backticks around it. */
function hasUserElement(value: unknown, user: string): boolean {
  if (Array.isArray(value)) return value.some((entry) => hasUserElement(entry, user));
  if (typeof value !== "object" || value === null) return false;
  if ("type" in value && value.type === "user" && "user_id" in value) return value.user_id === user;
  return "elements" in value && hasUserElement(value.elements, user);
}
