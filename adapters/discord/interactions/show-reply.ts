import type { CommandReply } from "../../../src/reply.ts";
import { replyPages } from "../render/reply-pages.ts";
import type { Respond } from "./respond.ts";

/** Messages that one reply may take; who wants more asks for less at once. */
const MOST_PAGES = 5;

/** Puts a command's reply in place of "thinking…". `ephemeral`: how that was begun, which cannot be changed. */
export async function showReply(
  respond: Respond,
  reply: CommandReply,
  ephemeral: boolean,
): Promise<void> {
  const pages = await replyPages(reply);
  const shown = pages.slice(0, MOST_PAGES);
  const left = pages.length - shown.length;
  if (left > 0) shown.push(`-# … and ${left} more of this length.`);
  const [first = "", ...rest] = shown;
  const isPrivate = reply.visibleTo === "asker";
  if (isPrivate && !ephemeral) {
    // The first message after "thinking…" fills that in, for all to see: something else has to.
    await respond.edit({ content: "…" });
    await respond.followUp({ content: first });
    await respond.remove();
  } else await respond.edit({ content: first });
  for (const content of rest) await respond.followUp({ content });
}
