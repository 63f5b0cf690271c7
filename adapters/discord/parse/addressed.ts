import { opensWithMention } from "../../../src/adapter-kit/mentions.ts";
import type { Addressed } from "../../../src/platform.ts";
import type { Message } from "../wire/message.ts";
import { ownMentions, type Reader } from "./read-text.ts";

/** Mentions inside code do not count. */
const CODE = /```[\s\S]*?```|(?<!`)(`+)(?!`)[^`]*\1/g;

const OPENS_WITH_MENTION = opensWithMention("<@[!&]?\\d+>");

/** Where a message was written. */
export type Where = "direct" | "thread" | "channel";

/**
 * How a message addresses Parley. "@everyone" and replies to somebody else do not mention it: its name must be in the text, or the reply
 * must be to one of its messages.
 */
export function addressedOf(
  message: Pick<Message, "content" | "referenced_message" | "message_reference">,
  where: Where,
  reader: Pick<Reader, "self" | "ownRole">,
): Addressed {
  const text = (message.content ?? "").replaceAll("<@!", "<@").replace(CODE, "");
  if ([...ownMentions(reader)].some((mention) => text.includes(mention))) return "mention";
  if (where === "direct") return "direct";
  if (isReply(message)) {
    const to = message.referenced_message?.author.id;
    if (to === reader.self) return "mention";
    // The message it replies to was deleted, so its author is unknown.
    return to === undefined ? where : "none";
  }
  return OPENS_WITH_MENTION.test(text) ? "none" : where;
}

/** A forward (type 1) has a reference too. */
const isReply = ({ message_reference: reference }: Pick<Message, "message_reference">): boolean =>
  Boolean(reference?.message_id) && reference?.type !== 1;
