import { Routes } from "discord.js";
import { PlatformError } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds, LiveChannel } from "../guilds/guilds.ts";
import { isNewerId, snowflakeAt } from "../ids.ts";
import { describeMissing } from "../intake/refusals.ts";
import { hasSnowflake } from "../parse/read-message.ts";
import type { Channels } from "../threads/channels.ts";
import { pagesBack } from "../threads/fetch-messages.ts";
import { ActiveThreads } from "../wire/answers.ts";
import type { Message } from "../wire/message.ts";
import type { IdsBeforeSession } from "./checkpoints.ts";

/** Channels whose last message is unknown. Discord itself has few of them, all empty. */
const MAX_UNKNOWN = 200;
/** Servers whose threads are fetched. Discord sends threads by itself; compatible servers may not. */
const MAX_ASKED = 50;
/** Channels that are tried to find out whether ids are snowflakes, if Discord limits the first. */
const MAX_SAMPLES = 3;

export type Readable = Pick<LiveChannel, "id" | "guild_id"> &
  Partial<Pick<LiveChannel, "type" | "parent_id">>;

export interface UnreadSearch {
  readonly guilds: Guilds;
  readonly channels: Pick<Channels, "remember">;
  /** Waits for rate limits. */
  readonly api: Api;
  /** Rejects on rate limits. */
  readonly reading: Api;
  readonly before: IdsBeforeSession;
  /** Ms since the epoch. */
  readonly from: number;
}

/**
 * Finds the shard's channels and threads that may have messages since `from`. The first result is known at once; each of the others waits
 * for a server that must be asked. None rejects.
 */
export function unreadChannels(
  search: UnreadSearch,
  shard: number,
): readonly Promise<readonly Readable[]>[] {
  const { guilds, before } = search;
  const silent = guilds.withoutThreads(shard).slice(0, MAX_ASKED);
  /** Channels with messages that the gateway does not list. */
  const unlisted = (listed: readonly LiveChannel[], isOf: (guild: string) => boolean) => {
    const known = new Set(listed.map(({ id }) => id));
    const others = before
      .channels()
      .filter(({ id, guild_id: guild }) => !known.has(id) && isOf(guild));
    return others.slice(-MAX_UNKNOWN);
  };
  const live = guilds.live(shard);
  const listed = async (): Promise<readonly Readable[]> => [
    ...(await unreadAmong(search, live)),
    ...unlisted(live, (guild) => !silent.includes(guild)),
  ];
  const ofSilent = async (guild: string): Promise<readonly Readable[]> => {
    const own = live.filter(({ guild_id: id }) => id === guild);
    const threads = await activeThreads(search, guild);
    return [
      ...(await unreadAmong(search, threads)),
      ...unlisted([...own, ...threads], (id) => id === guild),
    ];
  };
  return [listed(), ...silent.map(ofSilent)];
}

async function unreadAmong(
  search: UnreadSearch,
  channels: readonly LiveChannel[],
): Promise<readonly LiveChannel[]> {
  const { guilds, before, from } = search;
  const readable = channels.filter(
    ({ id }) => describeMissing(guilds, id, "reading") === undefined,
  );
  const since = (await areSnowflakes(search.reading, readable)) ? snowflakeAt(from) : undefined;
  const found = readable.map((channel) => ({
    ...channel,
    unread: isUnread(before, channel, since),
  }));
  return [
    ...found.filter(({ unread }) => unread === true),
    ...found.filter(({ unread }) => unread === undefined).slice(0, MAX_UNKNOWN),
  ];
}

/** undefined: unknown. `since`: an id, where ids are snowflakes. */
function isUnread(
  before: IdsBeforeSession,
  { id, lastMessage }: LiveChannel,
  since: string | undefined,
): boolean | undefined {
  if (lastMessage === null) return undefined;
  const last = before.last(id);
  if (last === lastMessage) return false;
  // A `last_message_id` that is older than a message we received is outdated.
  if (last !== undefined) return isNewerId(lastMessage, last) ? true : undefined;
  return since === undefined ? undefined : isNewerId(lastMessage, since);
}

/** Looks at the latest messages of one channel that Discord lets us read now. */
async function areSnowflakes(reading: Api, channels: readonly LiveChannel[]): Promise<boolean> {
  const newestFirst = channels
    .filter(({ lastMessage }) => lastMessage !== null)
    .toSorted((a, b) => (isNewerId(a.lastMessage ?? "", b.lastMessage ?? "") ? -1 : 1));
  for (const { id } of newestFirst.slice(0, MAX_SAMPLES)) {
    const page = await latestPage(reading, id);
    if (page) return page.every(hasSnowflake);
  }
  return true;
}

/** undefined: rate limited. */
async function latestPage(api: Api, channel: string): Promise<readonly Message[] | undefined> {
  try {
    const { value } = await pagesBack(api, { channel }).next();
    return value ?? [];
  } catch (error) {
    const isLimited = error instanceof PlatformError && error.outcome === "rate_limited";
    return isLimited ? undefined : [];
  }
}

/** The threads of a server that sent none: it has none, or does not send them. */
async function activeThreads(
  { api, channels }: Pick<UnreadSearch, "api" | "channels">,
  guild: string,
): Promise<readonly LiveChannel[]> {
  const route = Routes.guildActiveThreads(guild);
  const call = { method: "GET", route, what: "looking for threads" } as const;
  const { threads } = await api.call(call, ActiveThreads).catch(() => ({ threads: [] }));
  return threads.map(({ last_message_id: last, ...thread }) => {
    channels.remember({ ...thread, guild_id: guild });
    return { ...thread, guild_id: guild, lastMessage: last ?? null };
  });
}
