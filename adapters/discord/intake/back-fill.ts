import { markOf, sentAt, toldAt } from "../parse/read-message.ts";
import { conversationOf } from "../place.ts";
import { turnBegan } from "../post/find-posted.ts";
import { placeIn } from "../threads/channels.ts";
import { pagesBack } from "../threads/pages.ts";
import { isThread } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import { channelsWithNews, type Readable } from "./channels-with-news.ts";
import { isAnsweredIn } from "./find-root.ts";
import type { HeardBefore } from "./heard.ts";
import type { BackFillPorts } from "./intake-ports.ts";
import { takeMessage } from "./take-message.ts";
import { isPassing, tryAgain } from "./try-again.ts";

/** Channels that are read at once. */
const AT_ONCE = 4;
/** The last message heard may have overtaken others. */
const MARGIN_MS = 60_000;
/** Of one channel, the latest: a gap in which more was said is none that somebody still waits for. */
const MOST_PAGES = 10;

/**
 * Takes on what was said on a shard while it was not connected: a new session does not tell. What was taken on before is claimed, so that
 * reading too much does no harm. Channels go before threads, whose first messages stand there.
 */
export async function backFill(ports: BackFillPorts, shard: number): Promise<void> {
  const { seen, freshMs, wallClock } = ports;
  if (freshMs === 0) return;
  const from = Math.max(wallClock() - freshMs, (seen.at(shard) ?? 0) - MARGIN_MS);
  const found = seen.hold(shard);
  const failures: unknown[] = [];
  const bounds = { shard, from, heard: ports.heard.before(shard) };
  const direct = seen.direct(shard);
  const channels: Readable[] = [
    ...(await channelsWithNews(ports, shard, from)),
    ...direct.map(([id]) => ({ id, guild_id: null })),
  ];
  for (const some of Object.values(Object.groupBy(channels, orderOf))) {
    const work = async (): Promise<void> => {
      for (let next = some?.shift(); next; next = some?.shift()) {
        await fillChannel(ports, next, bounds).catch((problem: unknown) => failures.push(problem));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
  // What could not be read is looked at again by the next one.
  if (!failures.some(isPassing)) found();
  for (const problem of failures) ports.onProblem(problem);
}

/** Whole numbers are gone through from the lowest. */
const orderOf = ({ type }: Readable): 0 | 1 => (type !== undefined && isThread(type) ? 1 : 0);

interface Bounds {
  readonly shard: number;
  /** Ms since the epoch. */
  readonly from: number;
  readonly heard: HeardBefore;
}

async function fillChannel(ports: BackFillPorts, channel: Readable, bounds: Bounds): Promise<void> {
  const missed = await readMissed(ports, channel, bounds);
  const answered = await answeredUntil(ports, channel.id, missed);
  for (const message of missed.filter((one) => sentAt(one) > answered)) {
    const take = async (): Promise<void> => {
      if (!(await isAnsweredInThread(ports, message))) await takeMessage(ports, message);
    };
    await ports.lanes.run(channel.id, () => tryAgain(ports.clock, take));
    ports.seen.note(message, bounds.shard);
    ports.heard.note(message, bounds.shard);
  }
}

/** Whether the thread on a message shows that it was answered, though nothing is known of that any more. */
async function isAnsweredInThread(
  { api, identity, commands }: BackFillPorts,
  { thread, channel_id: channel, guild_id: guild }: Message,
): Promise<boolean> {
  if (!thread) return false;
  const conversation = conversationOf({ guild: guild ?? undefined, channel, thread: thread.id });
  if (await commands.turns.hasBegun(conversation)) return false;
  return isAnsweredIn(api, thread.id, await identity());
}

/**
 * What was written since a moment, oldest first. It is read from the end: not every server's ids tell a time to begin at. Discord keeps the
 * guild of a message out of what it is asked for.
 */
async function readMissed(
  { api }: BackFillPorts,
  { id, guild_id: guild }: Readable,
  { from, heard }: Bounds,
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

/**
 * Up to when messages have been answered though no claim says so, ms since the epoch: where the data is lost, what stood there when the
 * turn of the last answer began counts as seen. Where the turn is known, the claims are too.
 */
async function answeredUntil(
  { identity, channels, commands, wallClock }: BackFillPorts,
  id: string,
  missed: readonly Message[],
): Promise<number> {
  const self = await identity();
  const marks = missed.flatMap((message) => (message.author.id === self && markOf(message)) || []);
  const last = marks.findLast(({ kind }) => kind === "final");
  if (!last) return -Infinity;
  const conversation = conversationOf(placeIn(await channels.get(id)));
  const isKnown = (await commands.turns.get(conversation, last.turn)) !== null;
  return isKnown ? -Infinity : turnBegan(last.turn, wallClock());
}
