import { Client, GatewayIntentBits, Options, SimpleShardingStrategy } from "discord.js";
import type { BotSettings } from "../env.ts";
import { restOptions } from "./api.ts";
import { siftEvents } from "./sift-events.ts";

export interface ShardsOfClient {
  readonly ids: readonly number[];
  /** How many there are over all clients and processes. */
  readonly count: number;
  /** Resolves when the shard may identify. */
  readonly waitForIdentify: (shard: number, signal: AbortSignal) => Promise<void>;
}

/** Ids that are never dropped from a cache: Parley's own member carries its permissions. */
const isSelf = (entry: { readonly id: string; readonly client: Client }): boolean =>
  entry.id === entry.client.user?.id;

/**
 * The connection to Discord. What it caches is what permissions are worked out from (servers, channels, roles), and nothing that grows with what is
 * said: 3,000 threads of 20 messages take 5 MB instead of 221. Events are read as Discord sends them (`client.ws`), so that none waits for
 * a cache, and none is dropped for lack of a "partial".
 */
export function createClient(
  settings: BotSettings,
  { ids, count, waitForIdentify }: ShardsOfClient,
): Client {
  const client: Client = new Client({
    intents: intentsOf(settings),
    rest: restOptions(settings),
    // Servers are told of at once; one that is not is away, and whoever writes elsewhere waits for it.
    waitGuildTimeout: 3_000,
    ws: {
      version: Number(settings.apiVersion),
      buildIdentifyThrottler: () => ({ waitForIdentify }),
      buildStrategy(sockets) {
        siftEvents(sockets, (packet, shard) => client.emit("raw", packet, shard));
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
    // Threads that are archived for four hours are dropped every hour, by default.
    sweepers: Options.DefaultSweeperSettings,
  });
  return client;
}

/** What models and people write pings nobody. */
export const NO_PINGS = { parse: [], repliedUser: false };

const intentsOf = ({ messageContent }: BotSettings): readonly GatewayIntentBits[] => [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.DirectMessageReactions,
  ...(messageContent ? [GatewayIntentBits.MessageContent] : []),
];
