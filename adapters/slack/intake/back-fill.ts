import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";
import type { ConversationId, TurnId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { sleep } from "../../../src/timers.ts";
import type { Client, Clients } from "../api/clients.ts";
import { conversationOf, timeOf } from "../place.ts";
import { markOf } from "../post/mark.ts";
import { readPages } from "../threads/thread-pages.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import { answeredBy } from "./answered-by.ts";
import { isOwn } from "./parse-event.ts";
import { each, SlackMessage } from "./slack-message.ts";

export interface BackFillPorts {
  readonly workspaces: Workspaces;
  readonly clients: (workspace: Workspace) => Clients;
  readonly clock: Clock;
  /** Takes an event as if Slack had sent it. */
  readonly take: (body: unknown) => Promise<void>;
  /** Whether a turn is remembered here, and so the claims of its conversation. */
  readonly knows: (conversation: ConversationId, turn: TurnId) => Promise<boolean>;
  readonly onProblem: (problem: unknown) => void;
}

const Channel = z.object({
  id: z.string().min(1),
  is_im: z.boolean().optional().catch(undefined),
  is_mpim: z.boolean().optional().catch(undefined),
  updated: z.number().optional().catch(undefined),
});
type Channel = z.infer<typeof Channel>;
const Channels = z.object({ channels: each(Channel) });

const Root = SlackMessage.extend({
  reply_count: z.number().optional().catch(undefined),
  latest_reply: z.string().optional().catch(undefined),
});
type Root = z.infer<typeof Root>;
const Roots = z.object({ messages: each(Root) });

/** Roots that a channel is searched for; threads that began earlier are not found. */
const ROOTS = 50;
const MOST_CHANNELS = 200;
/** Longest wait for Slack's limits; a search that takes longer finds nothing fresh, ms. */
const PATIENCE_MS = 60_000;

/**
 * Takes what people wrote since a time (milliseconds since the epoch) and no event told: at the start, and after a time without
 * connection. What was taken before is claimed, and does nothing. Never rejects; ends early when the signal is aborted.
 */
export async function backFill(
  ports: BackFillPorts,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  for (const workspace of await ports.workspaces.all()) {
    try {
      await searchWorkspace(ports, workspace, since, signal);
    } catch (problem) {
      if (!signal.aborted) ports.onProblem(problem);
    }
  }
}

async function searchWorkspace(
  ports: BackFillPorts,
  workspace: Workspace,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  const { reading } = ports.clients(workspace);
  const types = "public_channel,private_channel,mpim,im";
  const ask = { types, exclude_archived: true, limit: MOST_CHANNELS };
  const { channels } = await patiently(ports.clock, signal, () =>
    reading.call("users.conversations", ask, Channels),
  );
  const latestFirst = channels.toSorted((a, b) => (b.updated ?? 0) - (a.updated ?? 0));
  for (const channel of latestFirst) {
    for (const message of await missedIn(
      { ...ports, reading, workspace, signal },
      channel,
      since,
    )) {
      signal.throwIfAborted();
      await ports.take(eventOf(workspace, channel, message));
    }
  }
}

interface Search extends BackFillPorts {
  readonly reading: Client;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

/** What people wrote in a channel and its latest threads, oldest first, without what an answer followed. */
async function missedIn(
  search: Search,
  { id: channel }: Channel,
  since: number,
): Promise<readonly SlackMessage[]> {
  const { reading, clock, signal, workspace } = search;
  const { messages } = await patiently(clock, signal, () =>
    reading.call("conversations.history", { channel, limit: ROOTS }, Roots),
  );
  const found: SlackMessage[] = [];
  for (const root of messages) {
    found.push(...(hasReplies(root, since) ? await inThread(search, channel, root) : [root]));
  }
  return found
    .filter((message) => !isOwn(message, workspace) && (timeOf(message.ts) ?? -Infinity) >= since)
    .toSorted((a, b) => Number(a.ts) - Number(b.ts));
}

const hasReplies = ({ ts, reply_count: count, latest_reply: latest }: Root, since: number) =>
  (count ?? 0) > 0 && (timeOf(latest ?? ts) ?? 0) >= since;

async function inThread(
  { reading, clock, signal, workspace, knows }: Search,
  channel: string,
  { ts: thread }: Root,
): Promise<readonly SlackMessage[]> {
  const place = { team: workspace.team, channel, thread };
  const { messages } = await readPages({ client: reading, clock, signal, place });
  const own = messages.filter((message) => isOwn(message, workspace));
  const turns = own.flatMap(({ metadata }) => markOf(metadata)?.turn ?? []);
  const last = turns.at(-1);
  // A turn that began while one message after the other was taken on knew of those that were yet to come.
  if (last !== undefined && (await knows(conversationOf(place), last))) return messages;
  const answered = Math.max(...own.map(answeredBy));
  return messages.filter(({ ts }) => (timeOf(ts) ?? -Infinity) > answered);
}

const eventOf = (
  { team, enterprise }: Workspace,
  { id, is_im: isIm, is_mpim: isMpim }: Channel,
  message: SlackMessage,
) => ({
  type: "event_callback",
  team_id: team,
  enterprise_id: enterprise,
  event: {
    ...message,
    type: "message",
    channel: id,
    channel_type: isIm ? "im" : isMpim ? "mpim" : "channel",
  },
});

/** Once more after Slack's limits, if they are not too long. */
async function patiently<T>(
  clock: Clock,
  signal: AbortSignal,
  action: () => Promise<T>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      const isLimited = error instanceof PlatformError && error.outcome === "rate_limited";
      if (!isLimited || (error.retryAfterMs ?? 0) > PATIENCE_MS) throw error;
      const ms = Math.max(1_000, error.retryAfterMs ?? 0);
      await sleep(clock, ms);
    }
  }
}
