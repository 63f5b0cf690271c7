import { CHANNEL, isThread } from "../world/channel.ts";
import { createUser } from "../world/create-world.ts";
import type { Guild } from "../world/guild.ts";
import {
  addBot,
  addMember,
  addRole,
  createChannel,
  overwrite,
  removeBot,
  tellMember,
} from "../world/guild-life.ts";
import { messageOf, threadsOf } from "../world/look-up.ts";
import { createMessage, deleteMessage, editMessage } from "../world/message-life.ts";
import { bitsOf, type PermissionName } from "../world/permissions.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { createPerson, type Person } from "./person.ts";
import { type GivenFile, storeFiles } from "./given-file.ts";
import { channelAt, type MessagePlace, type Place, typed } from "./place.ts";
import { seen, type SeenMessage } from "./seen.ts";

export interface UserOptions {
  readonly nick?: string;
  /** By name; made when missing. */
  readonly roles?: readonly string[];
}

export interface ForumOptions {
  readonly tags?: readonly string[];
  readonly requiresTag?: boolean;
}

export interface WebhookVoice {
  says(text: string, files?: readonly GivenFile[]): SeenMessage;
  edits(message: MessagePlace, text: string): void;
  deletes(message: MessagePlace): void;
}

/** A guild, as tests furnish it and look at it. Asked twice for a name, each gives the same. */
export interface GuildRoom {
  readonly id: string;
  readonly name: string;
  user(name: string, options?: UserOptions): Person;
  /** Another bot; it talks like a person. */
  bot(name: string): Person;
  webhook(name: string, channel: Place): WebhookVoice;
  channel(name?: string): Place;
  announcements(name: string): Place;
  forum(name: string, options?: ForumOptions): Place;
  role(
    name: string,
    permissions?: readonly PermissionName[],
    options?: { isMentionable?: boolean },
  ): Place;
  /** The bot's own permissions, all over the guild. */
  botMay(...permissions: readonly PermissionName[]): void;
  botMayNot(...permissions: readonly PermissionName[]): void;
  /** In one channel and its threads, for a person, a role, or everybody. */
  allows(who: Place | "everyone", channel: Place, ...permissions: readonly PermissionName[]): void;
  denies(who: Place | "everyone", channel: Place, ...permissions: readonly PermissionName[]): void;
  /** Throws the bot out. */
  removesBot(): void;
  /** Adds it again. */
  addsBot(): void;
  /** Threads of a channel, oldest first. */
  threads(
    channel: Place,
  ): readonly (Place & { readonly name: string; readonly isArchived: boolean })[];
}

const userNamed = (world: World, name: string, bot: boolean): User =>
  [...world.users.values()].find(
    (user) => user.bot === bot && (user.globalName ?? user.username) === name,
  ) ?? createUser(world, name, { bot });

export function personNamed(world: World, name: string): Person {
  return createPerson(world, userNamed(world, name, false));
}

export function createGuildRoom(world: World, guild: Guild): GuildRoom {
  const member = (name: string, isBot: boolean): Person => {
    const user = userNamed(world, name, isBot);
    addMember(world, guild, user);
    return createPerson(world, user);
  };
  const role: GuildRoom["role"] = (name, permissions = [], options = {}) => {
    const known = [...guild.roles.values()].find((one) => one.name === name);
    const mentionable = options.isMentionable ?? false;
    return known ?? addRole(world, guild, { name, permissions: bitsOf(permissions), mentionable });
  };
  return {
    id: guild.id,
    name: guild.name,
    user(name, { nick, roles = [] } = {}) {
      const person = member(name, false);
      const record = guild.members.get(person.id);
      if (record && (nick !== undefined || roles.length > 0)) {
        record.nick = nick ?? record.nick;
        record.roles = [...new Set([...record.roles, ...roles.map((one) => role(one).id)])];
        tellMember(world, guild, "GUILD_MEMBER_UPDATE", record);
      }
      return person;
    },
    bot: (name) => member(name, true),
    webhook: (name, place) => webhookIn(world, name, place),
    role,
    ...createChannels(world, guild),
    ...createPermissions(world, guild),
    removesBot: () => removeBot(world, guild),
    addsBot: () => addBot(world, guild),
    threads: ({ id }) =>
      threadsOf(world, id).map((thread) => ({
        id: thread.id,
        name: thread.name,
        isArchived: thread.thread.archived,
      })),
  };
}

function createChannels(
  world: World,
  guild: Guild,
): Pick<GuildRoom, "channel" | "announcements" | "forum"> {
  const channel = (name: string, type: number, options: ForumOptions = {}): Place => {
    const known = [...world.channels.values()].find(
      (one) => one.guildId === guild.id && one.name === name && !isThread(one),
    );
    return { id: (known ?? createChannel(world, guild, { name, type, ...options })).id };
  };
  return {
    channel: (name = "general") => channel(name, CHANNEL.text),
    announcements: (name) => channel(name, CHANNEL.announcement),
    forum: (name, options) => channel(name, CHANNEL.forum, options),
  };
}

function createPermissions(
  world: World,
  guild: Guild,
): Pick<GuildRoom, "botMay" | "botMayNot" | "allows" | "denies"> {
  const botRole = () => {
    const found = [...guild.roles.values()].find(
      ({ botId }) => botId === world.application.user.id,
    );
    if (!found) throw new Error("The bot has no role here.");
    return found;
  };
  const change = (who: Place | "everyone", channel: Place, allow: bigint, deny: bigint) => {
    const id = who === "everyone" ? guild.id : who.id;
    const type = guild.roles.has(id) ? "role" : "member";
    overwrite(world, guild, channelAt(world, channel), { id, type, allow, deny });
  };
  return {
    botMay: (...names) => void (botRole().permissions |= bitsOf(names)),
    botMayNot(...names) {
      botRole().permissions &= ~bitsOf(names);
      const everyone = guild.roles.get(guild.id);
      if (everyone) everyone.permissions &= ~bitsOf(names);
    },
    allows: (who, channel, ...names) => change(who, channel, bitsOf(names), 0n),
    denies: (who, channel, ...names) => change(who, channel, 0n, bitsOf(names)),
  };
}

function webhookIn(world: World, name: string, place: Place): ReturnType<GuildRoom["webhook"]> {
  const webhook = { id: world.ids.next(), token: world.ids.next(), name, channelId: place.id };
  world.webhooks.set(webhook.id, webhook);
  return {
    says(text, files) {
      const channel = channelAt(world, place);
      const content = typed(world, channel, text);
      const draft = { authorId: webhook.id, webhook, content, files: storeFiles(world, files) };
      return seen(world, createMessage(world, channel, draft));
    },
    edits({ id }, text) {
      const channel = channelAt(world, place);
      editMessage(world, channel, messageOf(channel, id), { content: typed(world, channel, text) });
    },
    deletes({ id }) {
      const channel = channelAt(world, place);
      deleteMessage(world, channel, messageOf(channel, id));
    },
  };
}
