import {
  Client,
  GatewayIntentBits,
  Options,
  SimpleShardingStrategy,
  type WebSocketOptions,
} from "discord.js";
import type { BotSettings } from "../env.ts";
import { restOptions } from "../api/api.ts";
import { z } from "zod";

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

/** What discord.js keeps its picture of servers, channels and roles from. */
const KEPT =
  /^(?:READY|RESUMED|GUILD_(?:CREATE|UPDATE|DELETE|ROLE_\w+|MEMBER_UPDATE)|(?:CHANNEL|THREAD)_(?:CREATE|UPDATE|DELETE)|THREAD_LIST_SYNC)$/;

/** The entries of a list that can be kept. */
const listOf = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => entry.safeParse(one).data ?? []));

const Known = z.looseObject({ id: z.string() });
const Role = z.looseObject({ id: z.string(), permissions: z.string().regex(/^\d+$/).catch("0") });
const RoleEvent = z.looseObject({ guild_id: z.string(), role: Role });

const COMPLETE: Readonly<Partial<Record<string, z.ZodType>>> = {
  READY: z
    .looseObject({ user: Known, guilds: listOf(Known) })
    .transform((ready) => ({ application: { id: ready.user.id }, ...ready })),
  GUILD_CREATE: z.looseObject({
    channels: listOf(Known),
    threads: listOf(Known),
    roles: listOf(Role),
    members: listOf(z.looseObject({ user: Known })),
  }),
  GUILD_ROLE_CREATE: RoleEvent,
  GUILD_ROLE_UPDATE: RoleEvent,
};

/** The library below discord.js, which holds the connections. */
type Sockets = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

/**
 * Shows discord.js only what it keeps, with the lists that it counts on. It makes an object of everything else too, and throws where a
 * server leaves a field out (`entitlements` of an interaction): that would end the process. `other` gets what is held back from it.
 */
export function siftEvents(
  sockets: Sockets,
  other: (packet: unknown, shard: number) => void,
): void {
  // Heard before discord.js, which is given the same object.
  sockets.on("dispatch", (event) => {
    const { t: name, d: data } = event.data;
    const complete = COMPLETE[name]?.safeParse(data);
    if (complete?.success) Object.assign(event, { data: { ...event.data, d: complete.data } });
    if (KEPT.test(name) && complete?.success !== false) return;
    other(event.data, event.shardId);
    Object.assign(event, { data: { op: 0, s: event.data.s, t: null, d: null } });
  });
}
