import { answeredUntil, catchUp } from "../../../src/adapter-kit/catch-up.ts";
import { createPatientCalls } from "../../../src/adapter-kit/patient-calls.ts";
import { isTransient } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { createSlots } from "../../../src/slots.ts";
import type { Api } from "../api/api.ts";
import { conversationOf } from "../ids.ts";
import type { Guilds } from "../guilds/guilds.ts";
import type { ChannelQueue } from "../intake/channel-queue.ts";
import type { HandleMessage } from "../intake/messages.ts";
import { markOf, sentAt, timestampOf } from "../parse/read-message.ts";
import { type Channels, placeOfChannel } from "../threads/channels.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import { isThread, supportsThreads } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import type { IdsBeforeSession, LastMessageIds, ShardCheckpoints } from "./checkpoints.ts";
import { type Readable, unreadChannels } from "./unread-channels.ts";

export interface BackfillPorts {
  /** Rejects on rate limits. */
  readonly reading: Api;
  readonly guilds: Guilds;
  readonly channels: Channels;
  readonly ownId: () => Promise<string>;
  readonly turns: Pick<CommandPorts["turns"], "get" | "hasBegun" | "untaken">;
  readonly queue: ChannelQueue;
  readonly handle: HandleMessage;
  readonly checkpoints: ShardCheckpoints;
  readonly lastMessageIds: LastMessageIds;
  /** Maximum age of a missed message that is still answered, ms. */
  readonly freshMs: number;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  readonly onProblem: (problem: unknown) => void;
}

/** Calls in parallel. */
const MAX_CALLS = 4;
/** The longest single wait for a rate limit, and for the whole search, ms. */
const LONGEST_WAIT_MS = 60_000;
const LONGEST_SEARCH_MS = 10 * 60_000;
/** Messages may have arrived out of order before the checkpoint. */
const MARGIN_MS = 60_000;
/** Reads the latest messages of a channel only: nobody still waits for an answer from before that many. */
const MAX_PAGES = 10;

/**
 * Handles the messages that a shard missed while it was disconnected: a new session does not replay them. Claims prevent double answers, so
 * reading too much is safe. Servers and channels are read in parallel, each at its own rate limit; a thread is read after its channel, which
 * has its first message.
 */
export async function backfill(ports: BackfillPorts, shard: number): Promise<void> {
  const { checkpoints, freshMs, wallClock, lastMessageIds, guilds, channels, reading } = ports;
  if (freshMs === 0) return;
  const from = Math.max(wallClock() - freshMs, (checkpoints.at(shard) ?? 0) - MARGIN_MS);
  const release = checkpoints.hold(shard);
  const failures: unknown[] = [];
  const api = patientApi(ports);
  const before = lastMessageIds.beforeSession(shard);
  const work = new Map<string, Promise<void>>();
  const start = (channels: readonly Readable[]) => {
    for (const channel of channels.toSorted((a, b) => depthOf(a) - depthOf(b))) {
      const parent = work.get(channel.parent_id ?? "") ?? Promise.resolve();
      const filled = parent.then(() => fillChannel(ports, channel, { shard, from, before, api }));
      work.set(
        channel.id,
        filled.catch((problem: unknown) => void failures.push(problem)),
      );
    }
  };
  start(checkpoints.direct(shard).map(([id]) => ({ id, guild_id: null })));
  const sources = unreadChannels({ guilds, channels, api, reading, before, from }, shard);
  await Promise.all(sources.map((source) => source.then(start)));
  await Promise.all(work.values());
  // Otherwise the next backfill reads again what could not be read.
  if (!failures.some(isTransient)) release();
  for (const problem of failures) ports.onProblem(problem);
}

/** Sorts channels before their threads. */
const depthOf = ({ type }: Readable): 0 | 1 => (type !== undefined && isThread(type) ? 1 : 0);

/** Waits for the rate limit of one channel without delaying reads of others. */
function patientApi({ reading, clock }: Pick<BackfillPorts, "reading" | "clock">): Api {
  const patiently = createPatientCalls({
    clock,
    takeSlot: createSlots(MAX_CALLS).take,
    longestWaitMs: LONGEST_WAIT_MS,
    deadlineMs: LONGEST_SEARCH_MS,
  });
  return { call: (...request) => patiently(() => reading.call(...request)) };
}

interface Range {
  readonly shard: number;
  /** Ms since the epoch. */
  readonly from: number;
  readonly before: IdsBeforeSession;
  readonly api: Api;
}

async function fillChannel(ports: BackfillPorts, channel: Readable, range: Range): Promise<void> {
  const missed = await readMissed(channel, range);
  if (missed.length === 0) return;
  const known = await ports.channels.of({ channel_id: channel.id, guild_id: channel.guild_id });
  const place = placeOfChannel(known);
  const conversation = conversationOf(place);
  // A thread has the id of the message it was opened on, unless the message names another.
  const threadOf = ({ id, thread }: Message) =>
    supportsThreads(known.type) ? (thread?.id ?? id) : place.thread;
  const self = await ports.ownId();
  const answers = missed.flatMap((message) => {
    const mark = message.author.id === self ? markOf(message) : undefined;
    return mark?.kind === "final" ? [{ turn: mark.turn, at: sentAt(message) }] : [];
  });
  await catchUp({
    candidates: missed.map((message) => ({
      id: message.id,
      at: sentAt(message),
      conversation: conversationOf({ ...place, thread: threadOf(message) }),
      message,
    })),
    answeredUntil: await answeredUntil(
      answers,
      async (turn) => (await ports.turns.get(conversation, turn)) !== null,
    ),
    untaken: ports.turns.untaken,
    async take({ message }) {
      await ports.queue.run(channel.id, async () => {
        if (!(await isAnsweredInThread(ports, message))) await ports.handle(message);
      });
    },
  });
  for (const message of missed) {
    ports.checkpoints.note(message, range.shard);
    ports.lastMessageIds.note(message, range.shard);
  }
}

/** Whether the message's thread contains an answer whose turn is no longer in the store. */
async function isAnsweredInThread(
  { reading, ownId, turns }: Pick<BackfillPorts, "reading" | "ownId" | "turns">,
  { thread, channel_id: channel, guild_id: guild }: Message,
): Promise<boolean> {
  if (!thread) return false;
  const conversation = conversationOf({ guild: guild ?? undefined, channel, thread: thread.id });
  if (await turns.hasBegun(conversation)) return false;
  const self = await ownId();
  try {
    const { value } = await pagesBack(reading, { channel: thread.id }).next();
    const messages: readonly Message[] = value ?? [];
    return messages.some((message) => {
      const kind = message.author.id === self ? markOf(message)?.kind : undefined;
      return kind !== undefined && kind !== "note";
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    return false;
  }
}

/**
 * The messages since `from`, oldest first. Reads from the end, because not every server's ids tell the time. Discord omits the guild from
 * messages that are fetched.
 */
async function readMissed(
  { id, guild_id: guild }: Readable,
  { api, from, before }: Range,
): Promise<readonly Message[]> {
  const missed: Message[] = [];
  const last = before.last(id);
  let pages = 0;
  for await (const page of pagesBack(api, { channel: id })) {
    const old = page.findIndex(
      (message) => message.id === last || (timestampOf(message) ?? from) < from,
    );
    missed.push(...(old < 0 ? page : page.slice(0, old)));
    if (old >= 0 || ++pages === MAX_PAGES) break;
  }
  return missed
    .toReversed()
    .map((message) => ({ ...message, guild_id: message.guild_id ?? guild }));
}
