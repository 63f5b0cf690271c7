import { Routes } from "discord.js";
import { z } from "zod";
import type { LiveChannel } from "../guilds.ts";
import { idTellsTime } from "../parse/read-message.ts";
import { idAt, isAfter } from "../snowflake.ts";
import { pagesBack } from "../threads/pages.ts";
import type { Message } from "../wire/message.ts";
import { Channel } from "../wire/channel.ts";
import type { HeardBefore } from "./heard.ts";
import type { BackFillPorts } from "./intake-ports.ts";
import { whatIsMissing } from "./tell.ts";

/** Channels of which it is not known when something was last said in them; on Discord itself there are few, and those are empty. */
const MOST_UNKNOWN = 200;
/** Servers that are asked for their threads. Discord tells them unasked; others may not. */
const MOST_ASKED = 50;

export type Readable = Pick<LiveChannel, "id" | "guild_id"> & Partial<Pick<LiveChannel, "type">>;

/** The channels and threads of a shard in which something may have been said since a moment. */
export async function channelsWithNews(
  ports: BackFillPorts,
  shard: number,
  from: number,
): Promise<readonly Readable[]> {
  const told = [...ports.guilds.live(shard), ...(await untoldThreads(ports, shard))];
  const readable = told.filter(({ id }) => whatIsMissing(ports, id, "reading") === undefined);
  const heard = ports.heard.before(shard);
  const since = (await idsTellTime(ports, readable)) ? idAt(from) : undefined;
  const news = readable.map((channel) => ({ ...channel, has: hasNews(heard, channel, since) }));
  const known = new Set(told.map(({ id }) => id));
  const untold = heard.channels().filter(({ id }) => !known.has(id));
  return [
    ...news.filter(({ has }) => has === true),
    ...news.filter(({ has }) => has === undefined).slice(0, MOST_UNKNOWN),
    ...untold.slice(-MOST_UNKNOWN),
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

/** Seen from the latest messages of one channel. */
async function idsTellTime(
  { api }: BackFillPorts,
  channels: readonly LiveChannel[],
): Promise<boolean> {
  const [first, ...rest] = channels.filter(({ lastMessage }) => lastMessage !== null);
  if (!first) return true;
  const newest = rest.reduce(
    (a, b) => (isAfter(b.lastMessage ?? "", a.lastMessage ?? "") ? b : a),
    first,
  );
  const page: readonly Message[] = await pagesBack(api, { channel: newest.id })
    .next()
    .then(
      ({ value }) => value ?? [],
      () => [],
    );
  return page.every(idTellsTime);
}

const Active = z.object({
  threads: z.array(Channel.extend({ last_message_id: z.string().nullish() })),
});

/** Threads of servers that told of none: there are none, or the server does not tell. */
async function untoldThreads(ports: BackFillPorts, shard: number): Promise<readonly LiveChannel[]> {
  const silent = ports.guilds.withoutThreads(shard).slice(0, MOST_ASKED);
  const found = await Promise.all(
    silent.map((guild) => {
      const route = Routes.guildActiveThreads(guild);
      const call = { method: "GET", route, what: "looking for threads" } as const;
      return ports.api.call(call, Active).then(
        ({ threads }) => threads.map((thread) => ({ ...thread, guild_id: guild })),
        () => [],
      );
    }),
  );
  for (const thread of found.flat()) ports.channels.learn(thread);
  return found.flat().map(({ last_message_id: last, ...thread }) => {
    return { ...thread, lastMessage: last ?? null };
  });
}
