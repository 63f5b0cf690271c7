import { answeredUntil, catchUp } from "../../../src/adapter-kit/catch-up.ts";
import { createPatientCalls } from "../../../src/adapter-kit/patient-calls.ts";
import { isTransient } from "../../../src/adapter-kit/queue/retry.ts";
import { createSlots } from "../../../src/slots.ts";
import type { Api } from "../api/api.ts";
import { markOf, sentAt, toldAt } from "../parse/read-message.ts";
import { conversationOf } from "../ids.ts";
import { placeIn } from "../threads/channels.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import { isThread, takesThreads } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import { channelsWithNews, type Readable } from "./channels-with-news.ts";
import type { HeardBefore } from "./checkpoints.ts";
import { type BackFillPorts, tryAgain } from "../intake/intake-ports.ts";
import { takeMessage } from "../intake/messages.ts";

/** Calls that are under way at once. */
const AT_ONCE = 4;
/** The longest single wait for Discord's limits, and the longest search, ms. */
const LONGEST_WAIT_MS = 60_000;
const SEARCH_MS = 10 * 60_000;
/** The last message heard may have overtaken others. */
const MARGIN_MS = 60_000;
/** Of one channel, the latest: a gap in which more was said is none that somebody still waits for. */
const MOST_PAGES = 10;

/**
 * Takes on what was said on a shard while it was not connected: a new session does not tell. What was taken on before is claimed, so that
 * reading too much does no harm. Servers and channels are read side by side, each at the pace that Discord allows it; a thread is read
 * after its channel, where its first message stands.
 */
export async function backFill(ports: BackFillPorts, shard: number): Promise<void> {
  const { seen, freshMs, wallClock } = ports;
  if (freshMs === 0) return;
  const from = Math.max(wallClock() - freshMs, (seen.at(shard) ?? 0) - MARGIN_MS);
  const found = seen.hold(shard);
  const failures: unknown[] = [];
  const api = patientApi(ports);
  const bounds = { shard, from, heard: ports.heard.before(shard), api };
  const filled = new Map<string, Promise<void>>();
  const fill = (channels: readonly Readable[]) => {
    for (const channel of channels.toSorted((a, b) => orderOf(a) - orderOf(b))) {
      const parent = filled.get(channel.parent_id ?? "") ?? Promise.resolve();
      const work = parent.then(() => fillChannel(ports, channel, bounds));
      filled.set(
        channel.id,
        work.catch((problem: unknown) => void failures.push(problem)),
      );
    }
  };
  fill(seen.direct(shard).map(([id]) => ({ id, guild_id: null })));
  const sources = channelsWithNews({ ...ports, api, impatient: ports.reading }, shard, from);
  await Promise.all(sources.map((source) => source.then(fill)));
  await Promise.all(filled.values());
  // What could not be read is looked at again by the next one.
  if (!failures.some(isTransient)) found();
  for (const problem of failures) ports.onProblem(problem);
}

/** Channels before their threads. */
const orderOf = ({ type }: Readable): 0 | 1 => (type !== undefined && isThread(type) ? 1 : 0);

/** Reads that wait for Discord's limits without holding up those of other places. */
function patientApi({ reading, clock }: BackFillPorts): Api {
  const patiently = createPatientCalls({
    clock,
    takeSlot: createSlots(AT_ONCE),
    longestWaitMs: LONGEST_WAIT_MS,
    deadlineMs: SEARCH_MS,
  });
  return { call: (...asked) => patiently(() => reading.call(...asked)) };
}

interface Bounds {
  readonly shard: number;
  /** Ms since the epoch. */
  readonly from: number;
  readonly heard: HeardBefore;
  readonly api: Api;
}

async function fillChannel(ports: BackFillPorts, channel: Readable, bounds: Bounds): Promise<void> {
  const missed = await readMissed(channel, bounds);
  if (missed.length === 0) return;
  const known = await ports.channels.of({ channel_id: channel.id, guild_id: channel.guild_id });
  const place = placeIn(known);
  const conversation = conversationOf(place);
  // Where messages have threads of their own, these have the messages' ids, or those that the messages tell.
  const threadOf = ({ id, thread }: Message) =>
    takesThreads(known.type) ? (thread?.id ?? id) : place.thread;
  const self = await ports.identity();
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
      async (turn) => (await ports.commands.turns.get(conversation, turn)) !== null,
    ),
    untaken: ports.commands.turns.untaken,
    async take({ message }) {
      const take = async (): Promise<void> => {
        if (!(await isAnsweredInThread(ports, message))) await takeMessage(ports, message);
      };
      await ports.queue.run(channel.id, () => tryAgain(ports.clock, take));
    },
  });
  for (const message of missed) {
    ports.seen.note(message, bounds.shard);
    ports.heard.note(message, bounds.shard);
  }
}

/** Whether the thread on a message shows that it was answered, though nothing is known of that any more. */
async function isAnsweredInThread(
  { reading, identity, commands }: BackFillPorts,
  { thread, channel_id: channel, guild_id: guild }: Message,
): Promise<boolean> {
  if (!thread) return false;
  const conversation = conversationOf({ guild: guild ?? undefined, channel, thread: thread.id });
  if (await commands.turns.hasBegun(conversation)) return false;
  const self = await identity();
  try {
    const { value } = await pagesBack(reading, { channel: thread.id }).next();
    const said: readonly Message[] = value ?? [];
    return said.some((message) => {
      const kind = message.author.id === self ? markOf(message)?.kind : undefined;
      return kind !== undefined && kind !== "note";
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    return false;
  }
}

/**
 * What was written since a moment, oldest first. It is read from the end: not every server's ids tell a time to begin at. Discord keeps the
 * guild of a message out of what it is asked for.
 */
async function readMissed(
  { id, guild_id: guild }: Readable,
  { api, from, heard }: Bounds,
): Promise<readonly Message[]> {
  const missed: Message[] = [];
  const last = heard.last(id);
  let pages = 0;
  for await (const page of pagesBack(api, { channel: id })) {
    const old = page.findIndex(
      (message) => message.id === last || (toldAt(message) ?? from) < from,
    );
    missed.push(...(old < 0 ? page : page.slice(0, old)));
    if (old >= 0 || ++pages === MOST_PAGES) break;
  }
  return missed
    .toReversed()
    .map((message) => ({ ...message, guild_id: message.guild_id ?? guild }));
}
