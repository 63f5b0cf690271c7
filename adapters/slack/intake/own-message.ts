import type { Client } from "../api/clients.ts";
import { conversationOf } from "../place.ts";
import { markOf } from "../post/mark.ts";
import type { OwnMessage, PostedMessages } from "../post/posted-messages.ts";
import { MessagePage } from "../threads/thread-pages.ts";
import type { Workspace } from "../workspaces.ts";
import { isOwn } from "./parse-event.ts";

/** Which of Parley's messages stands there; undefined: none does. Rejects with a `PlatformError` when Slack cannot say. */
export async function findOwnMessage(
  { posted, reading }: { readonly posted: PostedMessages; readonly reading: Client },
  workspace: Workspace,
  { channel, ts }: { readonly channel: string; readonly ts: string },
): Promise<OwnMessage | undefined> {
  const key = { team: workspace.team, channel, ts };
  const known = posted.find(key);
  if (known) return known;
  // Asked about a reply, Slack shows it with the root that it belongs to.
  const args = { channel, ts, limit: 5, inclusive: true, include_all_metadata: true };
  const { messages } = await reading.call("conversations.replies", args, MessagePage);
  const message = messages.find((one) => one.ts === ts && isOwn(one, workspace));
  const mark = message && markOf(message.metadata);
  if (!message || !mark) return undefined;
  const thread = message.thread_ts ?? ts;
  const found = { conversation: conversationOf({ team: workspace.team, channel, thread }), mark };
  posted.add(key, found);
  return found;
}
