import { Routes } from "discord.js";
import { z } from "zod";
import { PlatformError } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { LiveChannel } from "../guilds/guilds.ts";
import { idTellsTime } from "../parse/read-message.ts";
import { idAt, isAfter } from "../ids.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import type { Message } from "../wire/message.ts";
import { Channel } from "../wire/channel.ts";
import type { HeardBefore } from "./checkpoints.ts";
import type { BackFillPorts } from "../intake/intake-ports.ts";
import { whatIsMissing } from "../intake/refusals.ts";

/** Channels of which it is not known when something was last said in them; on Discord itself there are few, and those are empty. */
const MOST_UNKNOWN = 200;
/** Servers that are asked for their threads. Discord tells them unasked; others may not. */
const MOST_ASKED = 50;
/** Channels that are tried for a look at how ids are made, where Discord limits the first. */
const MOST_LOOKS = 3;

export type Readable = Pick<LiveChannel, "id" | "guild_id"> &
  Partial<Pick<LiveChannel, "type" | "parent_id">>;

/** `api` waits for Discord's limits, `progress` does not. */
export interface NewsPorts extends Pick<BackFillPorts, "guilds" | "channels" | "heard"> {
  readonly api: Api;
  readonly impatient: Api;
}

/**
 * The channels and threads of a shard in which something may have been said since a moment: what the connection knows at once, and what each
 * server has to be asked for as soon as it answers. None rejects.
 */
export function channelsWithNews(
  ports: NewsPorts,
  shard: number,
  from: number,
): readonly Promise<readonly Readable[]>[] {
  const heard = ports.heard.before(shard);
  const silent = ports.guilds.withoutThreads(shard).slice(0, MOST_ASKED);
  const untold = (told: readonly LiveChannel[], isOf: (guild: string) => boolean) => {
    const known = new Set(told.map(({ id }) => id));
    const others = heard
      .channels()
      .filter(({ id, guild_id: guild }) => !known.has(id) && isOf(guild));
    return others.slice(-MOST_UNKNOWN);
  };
  const search = async (
    told: readonly LiveChannel[],
    isOf: (guild: string) => boolean,
  ): Promise<readonly Readable[]> => [
    ...(await newsAmong(ports, { told, heard, from })),
    ...untold(told, isOf),
  ];
  const live = ports.guilds.live(shard);
  const ofSilent = (guild: string) => {
    const own = live.filter(({ guild_id: id }) => id === guild);
    return threadsOf(ports, guild).then(async (threads) => [
      ...(await newsAmong(ports, { told: threads, heard, from })),
      ...untold([...own, ...threads], (id) => id === guild),
    ]);
  };
  return [search(live, (guild) => !silent.includes(guild)), ...silent.map(ofSilent)];
}

interface Told {
  readonly told: readonly LiveChannel[];
  readonly heard: HeardBefore;
  /** Ms since the epoch. */
  readonly from: number;
}

async function newsAmong(
  ports: NewsPorts,
  { told, heard, from }: Told,
): Promise<readonly LiveChannel[]> {
  const readable = told.filter(({ id }) => whatIsMissing(ports, id, "reading") === undefined);
  const since = (await idsTellTime(ports, readable)) ? idAt(from) : undefined;
  const news = readable.map((channel) => ({ ...channel, has: hasNews(heard, channel, since) }));
  return [
    ...news.filter(({ has }) => has === true),
    ...news.filter(({ has }) => has === undefined).slice(0, MOST_UNKNOWN),
  ];
}

/** undefined: it is not known. `since`: an id, where ids tell the time. */
function hasNews(
  heard: HeardBefore,
  { id, lastMessage }: LiveChannel,
  since: string | undefined,
): boolean | undefined {
  if (lastMessage === null) return undefined;
  const last = heard.last(id);
  if (last === lastMessage) return false;
  // A list that is older than what was heard is none to go by.
  if (last !== undefined) return isAfter(lastMessage, last) ? true : undefined;
  return since === undefined ? undefined : isAfter(lastMessage, since);
}

/** Seen from the latest messages of one channel, of those that Discord shows now. */
async function idsTellTime(
  { impatient }: NewsPorts,
  channels: readonly LiveChannel[],
): Promise<boolean> {
  const newestFirst = channels
    .filter(({ lastMessage }) => lastMessage !== null)
    .toSorted((a, b) => (isAfter(a.lastMessage ?? "", b.lastMessage ?? "") ? -1 : 1));
  for (const { id } of newestFirst.slice(0, MOST_LOOKS)) {
    const page = await latestPage(impatient, id);
    if (page) return page.every(idTellsTime);
  }
  return true;
}

/** undefined: Discord limits it now. */
async function latestPage(api: Api, channel: string): Promise<readonly Message[] | undefined> {
  try {
    const { value } = await pagesBack(api, { channel }).next();
    return value ?? [];
  } catch (error) {
    const isLimited = error instanceof PlatformError && error.outcome === "rate_limited";
    return isLimited ? undefined : [];
  }
}

const Active = z.object({
  threads: z.array(Channel.extend({ last_message_id: z.string().nullish() })),
});

/** Threads of a server that told of none: there are none, or the server does not tell. */
async function threadsOf(
  { api, channels }: NewsPorts,
  guild: string,
): Promise<readonly LiveChannel[]> {
  const route = Routes.guildActiveThreads(guild);
  const call = { method: "GET", route, what: "looking for threads" } as const;
  const { threads } = await api.call(call, Active).catch(() => ({ threads: [] }));
  return threads.map(({ last_message_id: last, ...thread }) => {
    channels.learn({ ...thread, guild_id: guild });
    return { ...thread, guild_id: guild, lastMessage: last ?? null };
  });
}
