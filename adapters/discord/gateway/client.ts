import {
  Client,
  GatewayIntentBits,
  Options,
  SimpleShardingStrategy,
  type WebSocketOptions,
} from "discord.js";
import { restOptions } from "../api/api.ts";
import type { BotSettings } from "../env.ts";
import { CACHED_DISPATCHES } from "../wire/events.ts";

export interface ClientShards {
  readonly ids: readonly number[];
  /** Shards of all clients and processes. */
  readonly count: number;
  /** Resolves when the shard may identify. */
  readonly waitForIdentify: (shard: number, signal: AbortSignal) => Promise<void>;
}

/** Entries that are never evicted from a cache: the bot's own member has its permissions. */
const isSelf = (entry: { readonly id: string; readonly client: Client }): boolean =>
  entry.id === entry.client.user?.id;

/**
 * A gateway client of discord.js. It caches only what permissions are computed from (servers, channels, roles), nothing that grows with the
 * number of messages: 3,000 threads of 20 messages take 5 MB instead of 221. Event handlers read raw packets, so no event waits for a cache
 * or is dropped as a "partial".
 */
export function createClient(
  settings: BotSettings,
  { ids, count, waitForIdentify }: ClientShards,
): Client {
  const client: Client = new Client({
    intents: intentsOf(settings),
    rest: restOptions(settings),
    // Discord sends available servers at once; an unavailable one must not delay the others.
    waitGuildTimeout: 3_000,
    ws: {
      version: Number(settings.apiVersion),
      buildIdentifyThrottler: () => ({ waitForIdentify }),
      buildStrategy(sockets) {
        filterDispatches(sockets, (packet, shard) => client.emit("raw", packet, shard));
        return new SimpleShardingStrategy(sockets);
      },
    },
    shards: [...ids],
    shardCount: count,
    allowedMentions: NO_PINGS,
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      DMMessageManager: 0,
      GuildMessageManager: 0,
      ThreadMemberManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 100, keepOverLimit: isSelf },
      UserManager: { maxSize: 500, keepOverLimit: isSelf },
    }),
    // By default, threads that have been archived for four hours are evicted every hour.
    sweepers: Options.DefaultSweeperSettings,
  });
  return client;
}

/** Text of models and people pings nobody. */
const NO_PINGS = { parse: [], repliedUser: false };

const intentsOf = ({ messageContent }: BotSettings): readonly GatewayIntentBits[] => [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.DirectMessageReactions,
  ...(messageContent ? [GatewayIntentBits.MessageContent] : []),
];

/** Dispatches from which discord.js updates its cache of servers, channels and roles. */
const CACHE_UPDATES =
  /^(?:READY|RESUMED|GUILD_(?:CREATE|UPDATE|DELETE|ROLE_\w+|MEMBER_UPDATE)|(?:CHANNEL|THREAD)_(?:CREATE|UPDATE|DELETE)|THREAD_LIST_SYNC)$/;

/** @discordjs/ws, which owns the connections. */
type Sockets = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/**
 * Passes only cache updates to discord.js, with the lists that it expects. It would build objects from all other dispatches too, and throws
 * where a server omits a field (`entitlements` of an interaction), which would end the process. `onOther` gets the rest.
 */
function filterDispatches(
  sockets: Sockets,
  onOther: (packet: unknown, shard: number) => void,
): void {
  // This listener runs before that of discord.js, which gets the same object.
  sockets.on("dispatch", (event) => {
    const { t: name, d: data } = event.data;
    const complete = CACHED_DISPATCHES[name]?.safeParse(data);
    if (complete?.success) Object.assign(event, { data: { ...event.data, d: complete.data } });
    if (CACHE_UPDATES.test(name) && complete?.success !== false) return;
    onOther(event.data, event.shardId);
    Object.assign(event, { data: { op: 0, s: event.data.s, t: null, d: null } });
  });
}
