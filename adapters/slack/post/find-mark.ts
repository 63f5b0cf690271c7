import type { Clock } from "../../../src/clock.ts";
import { type DeliveryMark, PlatformError, sameMark } from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { SlackPlace } from "../place.ts";
import { readPages } from "../threads/thread-pages.ts";
import type { Workspace } from "../workspaces.ts";
import { markOf } from "./mark.ts";

/** The message with the mark; undefined only when the whole thread was seen. */
export async function findMark(
  {
    place,
    client,
    workspace,
    clock,
  }: { place: SlackPlace; client: Client; workspace: Workspace; clock: Clock },
  mark: DeliveryMark,
): Promise<string | undefined> {
  const isIt = ({ user, bot_id: bot, metadata }: SlackMessage): boolean =>
    (user === workspace.botUser || bot !== undefined) && sameMark(markOf(metadata), mark);
  const { signal } = new AbortController();
  const { messages, limitedMs } = await readPages({ client, place, clock, signal, until: isIt });
  const found = messages.find(isIt);
  if (found) return found.ts;
  if (limitedMs === undefined) return undefined;
  const why = "Slack does not show the whole thread now.";
  throw new PlatformError("rate_limited", why, { retryAfterMs: limitedMs });
}
