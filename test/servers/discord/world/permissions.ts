import type { Channel } from "./channel.ts";
import type { Guild, Overwrite } from "./guild.ts";

/** The permissions this server knows, by Discord's names. */
export const PERMISSION = {
  KICK_MEMBERS: 1n << 1n,
  BAN_MEMBERS: 1n << 2n,
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  USE_EXTERNAL_EMOJIS: 1n << 18n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  CREATE_PRIVATE_THREADS: 1n << 36n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
  MODERATE_MEMBERS: 1n << 40n,
} as const;

export type PermissionName = keyof typeof PERMISSION;

const ALL = (1n << 53n) - 1n;
const WHILE_TIMED_OUT = PERMISSION.VIEW_CHANNEL | PERMISSION.READ_MESSAGE_HISTORY;

export const bitsOf = (names: readonly PermissionName[]): bigint =>
  names.reduce((bits, name) => bits | PERMISSION[name], 0n);

/** What @everyone may do in a new guild, and anybody in direct messages. */
export const EVERYONE = bitsOf([
  "ADD_REACTIONS",
  "VIEW_CHANNEL",
  "SEND_MESSAGES",
  "EMBED_LINKS",
  "ATTACH_FILES",
  "READ_MESSAGE_HISTORY",
  "MENTION_EVERYONE",
  "USE_EXTERNAL_EMOJIS",
  "USE_APPLICATION_COMMANDS",
  "CREATE_PUBLIC_THREADS",
  "CREATE_PRIVATE_THREADS",
  "SEND_MESSAGES_IN_THREADS",
]);

/** A member's permissions in the guild as a whole; 0 for strangers. */
export function guildPermissions(guild: Guild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (!member) return 0n;
  if (guild.ownerId === userId) return ALL;
  const roles = [guild.id, ...member.roles].flatMap((id) => guild.roles.get(id) ?? []);
  const bits = roles.reduce((sum, role) => sum | role.permissions, 0n);
  return bits & PERMISSION.ADMINISTRATOR ? ALL : bits;
}

const apply = (bits: bigint, overwrites: readonly Overwrite[]): bigint => {
  const deny = overwrites.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
  const allow = overwrites.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
  return (bits & ~deny) | allow;
};

export interface Standpoint {
  readonly guild: Guild;
  /** For a thread its parent, whose overwrites hold. */
  readonly channel: Channel;
  /** The server's time, for time-outs. */
  readonly now: number;
}

/** A member's permissions in a channel: roles, then overwrites, as the documentation orders them. */
export function channelPermissions(at: Standpoint, userId: string): bigint {
  const { guild, channel, now } = at;
  const member = guild.members.get(userId);
  const base = guildPermissions(guild, userId);
  if (!member || base === ALL) return base;
  const of = (ids: readonly string[]) =>
    channel.overwrites.filter((overwrite) => ids.includes(overwrite.id));
  const layers = [of([guild.id]), of(member.roles), of([userId])];
  const bits = layers.reduce((sum, overwrites) => apply(sum, overwrites), base);
  if (!(bits & PERMISSION.VIEW_CHANNEL)) return 0n;
  return (member.timedOutUntil ?? 0) > now ? bits & WHILE_TIMED_OUT : bits;
}
