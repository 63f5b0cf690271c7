import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { ConversationId } from "../../../src/ids.ts";
import {
  type DeliveryMark,
  type Outgoing,
  PlatformError,
  type PostedMessage,
} from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import { slackCodeOf } from "../api/errors.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import type { SlackText } from "../render/blocks.ts";
import { cutText } from "../render/escape.ts";
import { PostedEphemeral, Sent } from "../wire/answers.ts";

/** The longest texts, in UTF-16 code units, with room to spare: Slack cuts a post at 40,000, and refuses an edit over 4,000. */
const LONGEST = { "chat.postMessage": 39_000, "chat.update": 3_900 } as const;

/** No previews of links or images: fetching a URL that a model wrote can carry data out of the workspace. */
const EXTRA = {
  "chat.postMessage": { unfurl_links: false, unfurl_media: false },
  "chat.update": {},
} as const;

/** Slack refused the blocks; the text says the same. */
const UNSHOWABLE: ReadonlySet<string | undefined> = new Set([
  "block_mismatch",
  "invalid_attachments",
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "only_one_table_allowed",
]);

/** Posts or edits; without its blocks where Slack refuses them. Resolves with the `ts`, if Slack tells it. Rejects with a `PlatformError`. */
export async function send(
  client: Client,
  method: keyof typeof LONGEST,
  { text, blocks }: SlackText,
  where: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const args = { ...where, text: cutText(text, LONGEST[method]), ...EXTRA[method] };
  if (blocks === undefined) return client.call(method, args, Sent);
  try {
    return await client.call(method, { ...args, blocks }, Sent);
  } catch (error) {
    if (!UNSHOWABLE.has(slackCodeOf(error))) throw error;
    return client.call(method, { ...args, blocks: [] }, Sent);
  }
}

/** The one person whom a note is for; undefined: everybody, also in direct messages, which nobody else reads. */
export const listenerOf = (conversation: ConversationId, content: Outgoing): string | undefined =>
  content.kind === "note" && !placeOf(conversation).channel.startsWith("D")
    ? content.only?.id
    : undefined;

/** Shows a message to one person, until they reload. Rejects with a `PlatformError`. */
export async function postEphemeral(
  client: Client,
  conversation: ConversationId,
  user: string,
  message: SlackText,
): Promise<PostedMessage> {
  const { channel, thread } = placeOf(conversation);
  const args = { channel, thread_ts: thread, user, ...message };
  const { message_ts: id } = await client.call("chat.postEphemeral", args, PostedEphemeral);
  return { conversation, id };
}

/** How many shared files to remember. */
const MOST_SHARED = 1_000;
const LOST = "_The whole answer could not be attached:_";

/**
 * Shares the file of an answer, once per mark while the process lives. The file goes before the message: a shared file has no metadata, so
 * only the message shows that the answer was posted, and a second file is better than a missing one. Resolves to a line for people when Slack
 * refuses the file; rejects with a `PlatformError` that may be retried.
 */
export function createAnswerFiles() {
  const shared = createBoundedMap<string, true>(MOST_SHARED);
  return async (
    client: Client,
    { channel, thread }: SlackPlace,
    { turn, chunk }: DeliveryMark,
    file: { readonly name: string; readonly text: string },
  ): Promise<string | undefined> => {
    const key = `${turn}:${chunk}`;
    if (shared.get(key)) return undefined;
    try {
      await client.upload({ channel, thread, ...file });
    } catch (error) {
      if (error instanceof PlatformError && error.outcome === "rejected") {
        return `${LOST} ${error.message}`;
      }
      throw error;
    }
    shared.set(key, true);
    return undefined;
  };
}
