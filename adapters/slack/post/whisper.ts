import { z } from "zod";
import type { ConversationId } from "../../../src/ids.ts";
import type { Outgoing, PostedMessage } from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import { placeOf } from "../place.ts";
import type { SlackText } from "./rendering.ts";

const Whispered = z.object({ message_ts: z.string().catch("") });

/** Whom alone a note concerns; undefined: everybody, as in direct messages, where nobody else reads along. */
export const listenerOf = (conversation: ConversationId, content: Outgoing): string | undefined =>
  content.kind === "note" && !placeOf(conversation).channel.startsWith("D")
    ? content.only?.id
    : undefined;

/** Shows a message to one person alone, until they reload. Rejects with a `PlatformError`. */
export async function whisper(
  client: Client,
  conversation: ConversationId,
  user: string,
  message: SlackText,
): Promise<PostedMessage> {
  const { channel, thread } = placeOf(conversation);
  const args = { channel, thread_ts: thread, user, ...message };
  const { message_ts: id } = await client.call("chat.postEphemeral", args, Whispered);
  return { conversation, id };
}
