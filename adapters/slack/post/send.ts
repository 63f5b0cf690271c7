import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { ConversationId } from "../../../src/ids.ts";
import {
  aboutFile,
  type DeliveryMark,
  type Outgoing,
  PlatformError,
} from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
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

/** Posts or edits. Rejects with a `PlatformError`. */
export const send = (
  client: Client,
  method: keyof typeof LONGEST,
  { text, blocks }: SlackText,
  where: Readonly<Record<string, unknown>>,
): Promise<Sent> => {
  const args = { ...where, text: cutText(text, LONGEST[method]), ...EXTRA[method] };
  return client.call(method, blocks === undefined ? args : { ...args, blocks }, Sent);
};

/** The one person whom a note is for; undefined: everybody, also in direct messages, which nobody else reads. */
export const listenerOf = (conversation: ConversationId, content: Outgoing): string | undefined =>
  content.kind === "note" && !placeOf(conversation).channel.startsWith("D")
    ? content.only?.id
    : undefined;

/** Where one person reads a message: in a thread, where nobody else sees it. */
export interface Listener {
  readonly channel: string;
  readonly thread?: string | undefined;
  readonly user: string;
}

/** Shows a message to one person in a thread until they reload, or as a direct message where Slack refuses that. Rejects with a `PlatformError`. */
export async function tellPrivately(
  client: Client,
  { channel, thread, user }: Listener,
  say: (call: (message: SlackText) => Promise<string>) => Promise<string>,
): Promise<string> {
  try {
    return await say(async (message) => {
      const args = {
        channel,
        ...(thread !== undefined && { thread_ts: thread }),
        user,
        ...message,
      };
      return (await client.call("chat.postEphemeral", args, PostedEphemeral)).message_ts;
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return say(
      async (message) =>
        (await send(client, "chat.postMessage", message, { channel: user })).ts ?? "",
    );
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof PlatformError && (error.outcome === "rejected" || error.outcome === "gone");

/** How many shared files to remember. */
const MOST_SHARED = 1_000;

/**
 * Shares the file of an answer, once per mark while the process lives. The file goes before the message: a shared file has no metadata, so
 * only the message shows that the answer was posted, and a second file is better than a missing one. Rejects with a `PlatformError` about the
 * file.
 */
export function createAnswerFiles() {
  const shared = createBoundedMap<string, true>(MOST_SHARED);
  return async (
    client: Client,
    { channel, thread }: SlackPlace,
    { turn, chunk }: DeliveryMark,
    file: { readonly name: string; readonly text: string },
  ): Promise<void> => {
    const key = `${turn}:${chunk}`;
    if (shared.get(key)) return;
    try {
      await client.upload({ channel, thread, ...file });
    } catch (error) {
      throw error instanceof PlatformError ? aboutFile(error) : error;
    }
    shared.set(key, true);
  };
}
