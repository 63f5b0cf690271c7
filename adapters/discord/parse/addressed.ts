import { opensWithMention } from "../../../src/adapter-kit/mentions.ts";
import type { Addressed } from "../../../src/platform.ts";
import type { Message } from "../wire/message.ts";
import { ownMentions, type Reader } from "./read-text.ts";

/** What people quote as code mentions nobody. */
const CODE = /```[\s\S]*?```|(?<!`)(`+)(?!`)[^`]*\1/g;

const OPENS_WITH_MENTION = opensWithMention("<@[!&]?\\d+>");

/** Where a message stands. */
export type Where = "direct" | "thread" | "channel";

/**
 * How a message reaches Parley. "@everyone" and the ping of a reply to somebody else are no mentions: the name must stand in the text, or
 * the reply be to Parley itself.
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
    // What it replies to was deleted: nobody knows whose it was.
    return to === undefined ? where : "none";
  }
  return OPENS_WITH_MENTION.test(text) ? "none" : where;
}

/** A forward refers to a message too. */
const isReply = ({ message_reference: reference }: Pick<Message, "message_reference">): boolean =>
  Boolean(reference?.message_id) && reference?.type !== 1;
