import { z } from "zod";
import type { Client } from "../api/clients.ts";
import { slackCodeOf } from "../api/slack-failure.ts";
import type { SlackText } from "./rendering.ts";

/** Longest texts that Slack takes, in UTF-16 code units, with room to spare: it cuts a post at 40,000, and refuses an edit over 4,000. */
const LONGEST = { "chat.postMessage": 39_000, "chat.update": 3_900 } as const;

/** Neither previews of links nor of images: fetching a URL that a model wrote can carry data out of the workspace. */
const EXTRA = {
  "chat.postMessage": { unfurl_links: false, unfurl_media: false },
  "chat.update": {},
} as const;

/** Slack could not lay the blocks out: the text says the same. */
const UNSHOWABLE: ReadonlySet<string | undefined> = new Set([
  "block_mismatch",
  "invalid_attachments",
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "only_one_table_allowed",
]);

const ts = z.string().min(1).optional().catch(undefined);
const Sent = z
  .object({ ts, message: z.object({ ts }).optional().catch(undefined) })
  .transform((answer) => answer.ts ?? answer.message?.ts);

/** Posts or edits; without its blocks where Slack refuses them. Resolves with the `ts`, if Slack tells it. Rejects with a `PlatformError`. */
export async function send(
  client: Client,
  method: keyof typeof LONGEST,
  { text, blocks }: SlackText,
  where: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const args = { ...where, text: cut(text, LONGEST[method]), ...EXTRA[method] };
  if (blocks === undefined) return client.call(method, args, Sent);
  try {
    return await client.call(method, { ...args, blocks }, Sent);
  } catch (error) {
    if (!UNSHOWABLE.has(slackCodeOf(error))) throw error;
    return client.call(method, { ...args, blocks: [] }, Sent);
  }
}

/** Never between the halves of a surrogate pair, nor within an escape. */
const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most).replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3})$/, "")}…`;
