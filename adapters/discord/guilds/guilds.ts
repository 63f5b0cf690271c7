import { PermissionFlagsBits, type Client, type Guild, Routes } from "discord.js";
import { type Channel, isPrivateThread } from "../wire/channel.ts";
import { WithId } from "../wire/answers.ts";
import type { Api } from "../api/api.ts";

/** A channel that may have messages. */
export interface LiveChannel extends Channel {
  /** Id of the last message; null: it has none. */
  readonly lastMessage: string | null;
}

/** What the gateway clients know about servers. Servers on shards of other processes are missing. */
export interface Guilds {
  /** Parley's own user; undefined before a client is connected. */
  self(): string | undefined;
  application(): string | undefined;
  /** Whether Parley is in a server, on a shard of this process. */
  knows(guild: string): boolean;
  /** How many servers Parley is in, on the shards of this process. */
  count(): number;
  /** Whether it is in several servers; a sharded bot always is. */
  isMany(): boolean;
  channel(id: string): Channel | undefined;
  /** The names of a forum post's tags. */
  tagsOf(thread: string): readonly string[];
  roleName(guild: string, role: string): string | undefined;
  /** Parley's managed role: some people mention it instead of the user. */
  ownRole(guild: string): string | undefined;
  /** Parley's permissions in a channel; undefined: unknown. */
  permissionsIn(channel: string): bigint | undefined;
  /** The server-wide permissions of a person's roles. */
  permissionsOf(guild: string, person: string, roles: readonly string[]): bigint;
  /** The shard's channels and threads that can have messages. */
  live(shard: number): readonly LiveChannel[];
  /** The shard's servers without a known thread. */
  withoutThreads(shard: number): readonly string[];
  /** The public threads of a channel. */
  threadsOf(channel: string): readonly { readonly id: string; readonly name: string }[];
}

export function createGuilds(clients: () => readonly Client[]): Guilds {
  /** From the first client that knows it. */
  const first = <T>(look: (client: Client) => T | undefined): T | undefined => {
    for (const client of clients()) {
      const found = look(client);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const channels = () => clients().flatMap((client) => [...client.channels.cache.values()]);
  return {
    self: () => first(selfOf),
    application: () => first((client) => client.application?.id ?? selfOf(client)),
    ...countsOf(clients),
    channel: (id) => first((client) => channelOf(client.channels.cache.get(id))),
    tagsOf: (id) => first((client) => tagsOf(client.channels.cache.get(id))) ?? [],
    roleName: (guild, role) =>
      first((client) => client.guilds.cache.get(guild)?.roles.cache.get(role)?.name),
    ownRole: (guild) => first((client) => ownRoleOf(client.guilds.cache.get(guild))),
    permissionsIn: (id) => first((client) => permissionsIn(client.channels.cache.get(id))),
    permissionsOf: (guild, person, roles) =>
      permissionsOf(
        first((client) => client.guilds.cache.get(guild)),
        person,
        roles,
      ),
    live: (shard) =>
      channels().flatMap((channel) => {
        if (channel.isDMBased() || channel.guild.shardId !== shard) return [];
        const known = channelOf(channel);
        if (!known || !("lastMessageId" in channel)) return [];
        return [{ ...known, lastMessage: channel.lastMessageId ?? null }];
      }),
    withoutThreads: (shard) =>
      clients().flatMap(({ guilds }) =>
        [...guilds.cache.values()].flatMap((guild) =>
          guild.shardId === shard && !guild.channels.cache.some((channel) => channel.isThread())
            ? [guild.id]
            : [],
        ),
      ),
    threadsOf: (id) =>
      channels().flatMap((channel) =>
        channel.isThread() && channel.parentId === id && !isPrivateThread(channel.type)
          ? [{ id: channel.id, name: channel.name }]
          : [],
      ),
  };
}

const countsOf = (clients: () => readonly Client[]): Pick<Guilds, "count" | "isMany" | "knows"> => {
  const count = () => clients().reduce((sum, client) => sum + client.guilds.cache.size, 0);
  return {
    count,
    knows: (guild) => clients().some((client) => client.guilds.cache.has(guild)),
    isMany: () => count() > 1 || clients().some(({ options }) => Number(options.shardCount) > 1),
  };
};

type AnyChannel = Client["channels"]["cache"] extends ReadonlyMap<string, infer C> ? C : never;

// Its type claims that it is never missing.
const selfOf = ({ user }: Client): string | undefined => user?.id;

function permissionsIn(channel: AnyChannel | undefined): bigint | undefined {
  if (!channel || channel.isDMBased()) return undefined;
  const { me } = channel.guild.members;
  // A compatible server without permissions sends no roles, or roles that allow nothing.
  if (!me || !channel.guild.roles.cache.has(channel.guildId) || me.permissions.bitfield === 0n)
    return undefined;
  return channel.permissionsFor(me).bitfield;
}

function channelOf(channel: AnyChannel | undefined): Channel | undefined {
  if (!channel) return undefined;
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.isDMBased() ? null : channel.guildId,
    parent_id: "parentId" in channel ? channel.parentId : null,
    name: "name" in channel ? channel.name : null,
  };
}

const ownRoleOf = (guild: Guild | undefined): string | undefined =>
  guild?.roles.cache.find((role) => role.tags?.botId === selfOf(guild.client))?.id;

function permissionsOf(guild: Guild | undefined, person: string, roles: readonly string[]): bigint {
  if (!guild) return 0n;
  if (guild.ownerId === person) return PermissionFlagsBits.Administrator;
  return [guild.id, ...roles].reduce(
    (all, role) => all | (guild.roles.cache.get(role)?.permissions.bitfield ?? 0n),
    0n,
  );
}

/** Parley's own user id: from a gateway client, or from the API where this process has none. */
export function createOwnId(guilds: Pick<Guilds, "self">, api: Api): () => Promise<string> {
  let fetched: Promise<string> | undefined;
  const fetchId = async (): Promise<string> => {
    const route = Routes.user("@me");
    return (await api.call({ method: "GET", route, what: "asking who Parley is" }, WithId)).id;
  };
  return () => {
    const known = guilds.self();
    if (known !== undefined) return Promise.resolve(known);
    fetched ??= fetchId().catch((error: unknown) => {
      fetched = undefined;
      throw error;
    });
    return fetched;
  };
}

function tagsOf(channel: ClientChannel | undefined): readonly string[] | undefined {
  if (!channel?.isThread() || !channel.parent || !("availableTags" in channel.parent))
    return undefined;
  const names = new Map(channel.parent.availableTags.map(({ id, name }) => [id, name]));
  return channel.appliedTags.flatMap((tag) => names.get(tag) ?? []);
}

type ClientChannel = ReturnType<Client["channels"]["cache"]["get"]>;
