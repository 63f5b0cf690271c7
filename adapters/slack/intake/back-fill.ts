import { z } from "zod";
import { answeredUntil, catchUp } from "../../../src/adapter-kit/catch-up.ts";
import { createPatientCalls } from "../../../src/adapter-kit/patient-calls.ts";
import type { Clock } from "../../../src/clock.ts";
import type { MessageKey } from "../../../src/commands/ports.ts";
import type { ConversationId, TurnId } from "../../../src/ids.ts";
import { createSlots } from "../../../src/slots.ts";
import type { Client, Clients } from "../api/clients.ts";
import { conversationOf, timeOf } from "../place.ts";
import { markOf } from "../post/mark.ts";
import { readPages } from "../threads/thread-pages.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import { isOwn } from "./parse-event.ts";
import { each, SlackMessage } from "../wire/message.ts";

export interface BackFillPorts {
  readonly workspaces: Pick<Workspaces, "all">;
  readonly clients: (workspace: Workspace) => Pick<Clients, "reading">;
  readonly clock: Clock;
  /** Takes an event as if Slack had sent it. */
  readonly take: (body: unknown) => Promise<void>;
  /** Whether a turn is remembered here, and so the claims of its conversation. */
  readonly knows: (conversation: ConversationId, turn: TurnId) => Promise<boolean>;
  /** Those that nobody has taken on. */
  readonly untaken: <M extends MessageKey>(messages: readonly M[]) => Promise<readonly M[]>;
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

/** Calls that are under way at once, over all workspaces. */
const AT_ONCE = 8;
/** Roots that a channel is searched for; threads that began earlier are not found. */
const ROOTS = 50;
const MOST_CHANNELS = 200;
/** Longest single wait for Slack's limits, and longest search of one workspace: what is found later is not fresh any more, ms. */
const LONGEST_WAIT_MS = 60_000;
const SEARCH_MS = 10 * 60_000;

/**
 * Takes what people wrote since a time (ms since the epoch) and no event told: at the start, and after a time without connection. The
 * workspaces are searched side by side, each at the pace that Slack allows it. Resolves, once they are known, with the end of each search by
 * team; none of them rejects. The signal ends them early.
 */
export async function backFill(
  ports: BackFillPorts,
  since: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Promise<void>>> {
  const takeSlot = createSlots(AT_ONCE);
  const search = async (workspace: Workspace): Promise<void> => {
    const { reading } = ports.clients(workspace);
    const patiently = createPatientCalls({
      clock: ports.clock,
      takeSlot,
      signal,
      longestWaitMs: LONGEST_WAIT_MS,
      deadlineMs: SEARCH_MS,
    });
    const call: Client["call"] = (...asked) => patiently(() => reading.call(...asked));
    try {
      await searchWorkspace({ ...ports, reading: { ...reading, call }, workspace, signal, since });
    } catch (problem) {
      if (!signal.aborted) ports.onProblem(problem);
    }
  };
  try {
    const workspaces = await ports.workspaces.all();
    return new Map(workspaces.map((workspace) => [workspace.team, search(workspace)]));
  } catch (problem) {
    ports.onProblem(problem);
    return new Map();
  }
}

interface Search extends BackFillPorts {
  readonly reading: Client;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly since: number;
}

async function searchWorkspace(search: Search): Promise<void> {
  const types = "public_channel,private_channel,mpim,im";
  const ask = { types, exclude_archived: true, limit: MOST_CHANNELS };
  const { channels } = await search.reading.call("users.conversations", ask, Channels);
  const latestFirst = channels.toSorted((a, b) => (b.updated ?? 0) - (a.updated ?? 0));
  for (const channel of latestFirst) await searchChannel(search, channel);
}

/** What people wrote in a channel and its latest threads. */
async function searchChannel(search: Search, channel: Channel): Promise<void> {
  const ask = { channel: channel.id, limit: ROOTS };
  const { messages } = await search.reading.call("conversations.history", ask, Roots);
  for (const root of messages.toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
    const thread = hasReplies(root, search.since)
      ? await readThread(search, channel.id, root.ts)
      : [root];
    await searchThread(search, channel, root.ts, thread);
  }
}

const hasReplies = ({ ts, reply_count: count, latest_reply: latest }: Root, since: number) =>
  (count ?? 0) > 0 && (timeOf(latest ?? ts) ?? 0) >= since;

async function readThread(
  { reading, clock, signal, workspace: { team } }: Search,
  channel: string,
  thread: string,
): Promise<readonly SlackMessage[]> {
  const place = { team, channel, thread };
  const { messages } = await readPages({ client: reading, clock, signal, place });
  return messages;
}

async function searchThread(
  search: Search,
  channel: Channel,
  thread: string,
  messages: readonly SlackMessage[],
): Promise<void> {
  const { workspace, since, signal, knows, untaken, take } = search;
  const conversation = conversationOf({ team: workspace.team, channel: channel.id, thread });
  const [own, others] = partition(messages, (message) => isOwn(message, workspace));
  const answers = own.flatMap(({ metadata, ts }) => {
    const mark = markOf(metadata);
    return mark && mark.kind !== "note" ? [{ turn: mark.turn, at: timeOf(ts) ?? -Infinity }] : [];
  });
  const candidates = others.flatMap((message) => {
    const { ts: id } = message;
    const at = timeOf(id) ?? -Infinity;
    return at >= since ? [{ id, at, conversation, message }] : [];
  });
  if (candidates.length === 0) return;
  await catchUp({
    candidates,
    answeredUntil: await answeredUntil(answers, (turn) => knows(conversation, turn)),
    untaken,
    async take({ message }) {
      signal.throwIfAborted();
      await take(eventOf(workspace, channel, message));
    },
  });
}

const partition = <T>(all: readonly T[], is: (one: T) => boolean) =>
  [all.filter(is), all.filter((one) => !is(one))] as const;

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
