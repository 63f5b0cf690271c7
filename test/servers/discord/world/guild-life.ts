import { channelJson } from "../wire/channel-json.ts";
import { guildCreateJson, roleJson } from "../wire/guild-json.ts";
import { fullMemberJson } from "../wire/user-json.ts";
import { CHANNEL, type Channel, type ForumTag } from "./channel.ts";
import type { Guild, GuildShape, Member, Overwrite, Role } from "./guild.ts";
import { INTENT } from "./intents.ts";
import { canSee, threadsOf } from "./look-up.ts";
import { EVERYONE } from "./permissions.ts";
import type { User } from "./user.ts";
import type { World } from "./world.ts";

const tellGuild = (
  world: World,
  guild: Guild,
  name: string,
  data: (intents: number) => Readonly<Record<string, unknown>>,
): void => world.dispatch({ name, intent: INTENT.guilds, guildId: guild.id, data });

const tellGuildCreate = (world: World, guild: Guild): void =>
  tellGuild(world, guild, "GUILD_CREATE", (intents) =>
    guildCreateJson(world, guild, { withMembers: (intents & INTENT.guildMembers) !== 0 }),
  );

export interface NewGuild {
  readonly name: string;
  readonly ownerId: string;
  readonly shape: GuildShape;
  /** What the bot's own role allows. */
  readonly botPermissions: bigint;
}

/** A guild with the bot in it. */
export function createGuild(world: World, options: NewGuild): Guild {
  const id = world.ids.next();
  const botRole: Role = {
    id: world.ids.next(),
    name: world.application.user.username,
    permissions: options.botPermissions,
    position: 1,
    mentionable: false,
    botId: world.application.user.id,
  };
  const everyone: Role = {
    id,
    name: "@everyone",
    permissions: EVERYONE,
    position: 0,
    mentionable: false,
    botId: null,
  };
  const joined = (userId: string, roles: string[]): [string, Member] => [
    userId,
    { userId, nick: null, roles, joinedAt: world.time.now(), timedOutUntil: null },
  ];
  const guild: Guild = {
    id,
    name: options.name,
    ownerId: options.ownerId,
    roles: new Map([everyone, botRole].map((role) => [role.id, role])),
    members: new Map([
      joined(options.ownerId, []),
      joined(world.application.user.id, [botRole.id]),
    ]),
    shape: options.shape,
    available: true,
  };
  world.guilds.set(id, guild);
  tellGuildCreate(world, guild);
  return guild;
}

export function addMember(world: World, guild: Guild, user: User): Member {
  const known = guild.members.get(user.id);
  if (known) return known;
  const now = world.time.now();
  const member = { userId: user.id, nick: null, roles: [], joinedAt: now, timedOutUntil: null };
  guild.members.set(user.id, member);
  tellMember(world, guild, "GUILD_MEMBER_ADD", member);
  return member;
}

export function tellMember(world: World, guild: Guild, name: string, member: Member): void {
  const user = world.users.get(member.userId);
  const isBot = member.userId === world.application.user.id;
  if (!user) return;
  world.dispatch({
    name,
    intent: isBot ? INTENT.guilds : INTENT.guildMembers,
    guildId: guild.id,
    data: () => ({ guild_id: guild.id, ...fullMemberJson(member, user) }),
  });
}

export function addRole(
  world: World,
  guild: Guild,
  role: Pick<Role, "name" | "permissions" | "mentionable">,
): Role {
  const made = { ...role, id: world.ids.next(), position: guild.roles.size, botId: null };
  guild.roles.set(made.id, made);
  tellGuild(world, guild, "GUILD_ROLE_CREATE", () => ({
    guild_id: guild.id,
    role: roleJson(made),
  }));
  return made;
}

export interface NewChannel {
  readonly name: string;
  readonly type?: number;
  readonly topic?: string;
  readonly tags?: readonly string[];
  readonly requiresTag?: boolean;
}

export function createChannel(world: World, guild: Guild, options: NewChannel): Channel {
  const tags: readonly ForumTag[] = (options.tags ?? []).map((name) => ({
    id: world.ids.next(),
    name,
  }));
  const channel: Channel = {
    id: world.ids.next(),
    guildId: guild.id,
    type: options.type ?? CHANNEL.text,
    name: options.name,
    topic: options.topic ?? null,
    parentId: null,
    overwrites: [],
    position: world.channels.size,
    tags,
    requiresTag: options.requiresTag ?? false,
    recipients: [],
    messages: new Map(),
    lastMessageId: null,
    thread: null,
  };
  world.channels.set(channel.id, channel);
  tellGuild(world, guild, "CHANNEL_CREATE", () => channelJson(world, channel));
  return channel;
}

/** The private channel of one person and the bot; made when first needed, which no event tells. */
export function directChannel(world: World, userId: string): Channel {
  const known = [...world.channels.values()].find(
    (channel) => channel.type === CHANNEL.direct && channel.recipients.includes(userId),
  );
  if (known) return known;
  const channel: Channel = {
    id: world.ids.next(),
    guildId: null,
    type: CHANNEL.direct,
    name: "",
    topic: null,
    parentId: null,
    overwrites: [],
    position: 0,
    tags: [],
    requiresTag: false,
    recipients: [userId],
    messages: new Map(),
    lastMessageId: null,
    thread: null,
  };
  world.channels.set(channel.id, channel);
  return channel;
}

/** Gives or takes permissions in one channel, for a role or a member. A bot that comes to see the channel is told its threads. */
export function overwrite(world: World, guild: Guild, channel: Channel, change: Overwrite): void {
  const bot = world.application.user.id;
  const couldSee = canSee(world, channel, bot);
  const known = channel.overwrites.find(({ id }) => id === change.id);
  if (known) {
    known.allow = (known.allow & ~change.deny) | change.allow;
    known.deny = (known.deny & ~change.allow) | change.deny;
  } else {
    channel.overwrites.push(change);
  }
  tellGuild(world, guild, "CHANNEL_UPDATE", () => channelJson(world, channel));
  if (couldSee || !canSee(world, channel, bot)) return;
  const threads = threadsOf(world, channel.id).filter(({ thread }) => !thread.archived);
  tellGuild(world, guild, "THREAD_LIST_SYNC", () => ({
    guild_id: guild.id,
    channel_ids: [channel.id],
    threads: threads.map((thread) => channelJson(world, thread)),
    members: [],
  }));
}

/** The bot is thrown out. */
export function removeBot(world: World, guild: Guild): void {
  guild.members.delete(world.application.user.id);
  tellGuild(world, guild, "GUILD_DELETE", () => ({ id: guild.id }));
}

/** Somebody adds it again, with its old role. */
export function addBot(world: World, guild: Guild): void {
  const { id: userId } = world.application.user;
  const roles = [...guild.roles.values()].filter(({ botId }) => botId === userId);
  const joinedAt = world.time.now();
  guild.members.set(userId, {
    userId,
    nick: null,
    roles: roles.map(({ id }) => id),
    joinedAt,
    timedOutUntil: null,
  });
  tellGuildCreate(world, guild);
}

/** An outage of one guild, and its end. */
export function setAvailable(world: World, guild: Guild, isAvailable: boolean): void {
  guild.available = isAvailable;
  if (isAvailable) return tellGuildCreate(world, guild);
  tellGuild(world, guild, "GUILD_DELETE", () => ({ id: guild.id, unavailable: true }));
}
