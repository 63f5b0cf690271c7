import { PermissionFlagsBits, type Client, type Guild, Routes } from "discord.js";
import type { Level } from "../../../src/platform.ts";
import { type Channel, isPrivateThread } from "../wire/channel.ts";
import { z } from "zod";
import type { Api } from "../api/api.ts";

/** A channel with what may have been said in it. */
export interface LiveChannel extends Channel {
  /** Of the last message; null if there is none. */
  readonly lastMessage: string | null;
}

/** What the connections know of the servers; all of it may be missing, in a process that serves other shards. */
export interface Guilds {
  /** Parley's own user; undefined before a connection stands. */
  self(): string | undefined;
  application(): string | undefined;
  /** Whether Parley is in a server, of a shard of this process. */
  knows(guild: string): boolean;
  /** How many servers Parley is in, on the shards of this process. */
  count(): number;
  /** Whether it is in several servers; one that is cut into shards is. */
  isMany(): boolean;
  channel(id: string): Channel | undefined;
  roleName(guild: string, role: string): string | undefined;
  /** The role that Discord made for Parley itself: some people mention that one. */
  ownRole(guild: string): string | undefined;
  /** What Parley may do in a channel. */
  permissionsIn(channel: string): bigint | undefined;
  /** What a person's roles allow in the whole server. */
  permissionsOf(guild: string, person: string, roles: readonly string[]): bigint;
  /** The channels and threads of a shard in which messages stand. */
  live(shard: number): readonly LiveChannel[];
  /** The servers of a shard of which no thread is known. */
  withoutThreads(shard: number): readonly string[];
  /** The public threads of a channel. */
  threadsOf(channel: string): readonly { readonly id: string; readonly name: string }[];
}

export function createGuilds(clients: () => readonly Client[]): Guilds {
  /** Of the first client that knows it. */
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

// Typed as if it were always there.
const selfOf = ({ user }: Client): string | undefined => user?.id;

function permissionsIn(channel: AnyChannel | undefined): bigint | undefined {
  if (!channel || channel.isDMBased()) return undefined;
  const { me } = channel.guild.members;
  // Whose roles were not told, or allow nothing at all, is a server that does without.
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

/** The level that permissions in a server give. */
export function levelOf(permissions: bigint): Level {
  const has = (bit: bigint) => (permissions & bit) !== 0n;
  if (has(PermissionFlagsBits.Administrator) || has(PermissionFlagsBits.ManageGuild))
    return "admin";
  return has(PermissionFlagsBits.ManageChannels) ? "operator" : "everyone";
}

const Self = z.object({ id: z.string() });

/** Parley's own user id: from the connection, or, in a process that has none yet, from Discord. */
export function createIdentity(guilds: Pick<Guilds, "self">, api: Api): () => Promise<string> {
  let asked: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const route = Routes.user("@me");
    const { id } = await api.call({ method: "GET", route, what: "asking who Parley is" }, Self);
    return id;
  };
  return () => {
    const known = guilds.self();
    if (known !== undefined) return Promise.resolve(known);
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
