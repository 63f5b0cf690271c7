import { answeredUntil, catchUp } from "../../../src/adapter-kit/catch-up.ts";
import { createPatientCalls } from "../../../src/adapter-kit/patient-calls.ts";
import type { Clock } from "../../../src/clock.ts";
import type { MessageKey } from "../../../src/commands/ports.ts";
import type { ConversationId, TurnId } from "../../../src/ids.ts";
import { createSlots } from "../../../src/slots.ts";
import { withTimeout } from "../../../src/timers.ts";
import type { Client, Clients } from "../api/clients.ts";
import { conversationOf, timeOf } from "../place.ts";
import { isOwn, markOf } from "../post/own-messages.ts";
import { readPages } from "../threads/thread-pages.ts";
import { type Channel, Channels, type ThreadRoot, ThreadRoots } from "../wire/answers.ts";
import { EventEnvelope, installationOf } from "../wire/event.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";

export interface BackfillPorts {
  readonly workspaces: Pick<Workspaces, "all">;
  readonly clients: (workspace: Workspace) => Pick<Clients, "reading">;
  readonly clock: Clock;
  /** Handles an event as if Slack had sent it. */
  readonly take: (body: unknown) => Promise<void>;
  /** Whether the store knows a turn, and so the claims of its conversation. */
  readonly knows: (conversation: ConversationId, turn: TurnId) => Promise<boolean>;
  /** The messages that no process has claimed. */
  readonly untaken: <M extends MessageKey>(messages: readonly M[]) => Promise<readonly M[]>;
  readonly onProblem: (problem: unknown) => void;
}

/** The most calls at the same time, over all workspaces. */
const AT_ONCE = 8;
/** How many roots of a channel are searched; threads that began earlier are not found. */
const ROOTS = 50;
const MOST_CHANNELS = 200;
/** The longest single wait for a rate limit, and the longest search of one workspace, ms: later finds are too old to answer. */
const LONGEST_WAIT_MS = 60_000;
const SEARCH_MS = 10 * 60_000;

/** Searches for missed messages. Events of a workspace wait for its own search, so that its messages stay in order. */
export interface Backfill {
  /** Searches for what was written since a time, ms since the epoch; undefined: nothing was missed. */
  begin(since: number | undefined): void;
  /** Resolves when an event may be handled: the search of its workspace has ended, or takes too long. */
  ready(body: unknown): Promise<void>;
}

/** The longest time that an event waits, ms: Slack expects its acknowledgement within 3 s. */
const EVENT_WAIT_MS = 1_500;

/** `signal` ends all searches. */
export function createBackfill(ports: BackfillPorts, signal: AbortSignal): Backfill {
  const begun = Promise.withResolvers<void>();
  const state = { searches: Promise.resolve<ReadonlyMap<string, Promise<void>>>(new Map()) };
  return {
    begin(since) {
      if (since !== undefined) state.searches = backfill(ports, since, signal);
      begun.resolve();
    },
    async ready(body) {
      await begun.promise;
      const { data: envelope } = EventEnvelope.safeParse(body);
      if (!envelope) return;
      const { team } = installationOf(envelope);
      const search = state.searches.then((searches) => searches.get(team));
      await withTimeout(ports.clock, EVENT_WAIT_MS, search);
    },
  };
}

/**
 * Handles what people wrote since a time (ms since the epoch) and no event told: at the start, and after a time without a connection.
 * Workspaces are searched side by side, each at the pace that Slack allows. Resolves, once they are known, with the end of each search by
 * team; none of these rejects. The signal ends them early.
 */
export async function backfill(
  ports: BackfillPorts,
  since: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Promise<void>>> {
  const { take: takeSlot } = createSlots(AT_ONCE);
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

interface Search extends BackfillPorts {
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
  const { messages } = await search.reading.call("conversations.history", ask, ThreadRoots);
  for (const root of messages.toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
    const thread = hasReplies(root, search.since)
      ? await readThread(search, channel.id, root.ts)
      : [root];
    await searchThread(search, channel, root.ts, thread);
  }
}

const hasReplies = ({ ts, reply_count: count, latest_reply: latest }: ThreadRoot, since: number) =>
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
