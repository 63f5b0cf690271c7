import { type Channel, isThread, type Thread } from "./channel.ts";
import type { Guild } from "./guild.ts";
import type { Message } from "./message.ts";
import { channelPermissions, EVERYONE, PERMISSION } from "./permissions.ts";
import { refusal } from "./refusal.ts";
import type { User } from "./user.ts";
import type { World } from "./world.ts";

/** Each throws Discord's refusal where there is no such thing. */
export function channelOf(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw refusal("unknownChannel");
  return channel;
}

export function threadOf(world: World, id: string): Thread {
  const channel = channelOf(world, id);
  if (!isThread(channel)) throw refusal("wrongChannelType");
  return channel;
}

/** The thread that hangs on a message. */
export const hangingOn = (world: World, message: string): Channel | undefined =>
  world.channels.get(world.hanging.get(message) ?? "");

export function guildOf(world: World, id: string): Guild {
  const guild = world.guilds.get(id);
  if (!guild) throw refusal("unknownGuild");
  return guild;
}

export function userOf(world: World, id: string): User {
  const user = world.users.get(id);
  if (!user) throw refusal("unknownUser");
  return user;
}

/** A message as everybody sees it: those for one person alone are unknown to the rest. */
export function messageOf(channel: Channel, id: string): Message {
  const message = channel.messages.get(id);
  if (!message || message.visibleTo !== null) throw refusal("unknownMessage");
  return message;
}

/** The channel whose permissions hold: a thread's parent. */
export const permissionChannel = (world: World, channel: Channel): Channel =>
  isThread(channel) && channel.parentId !== null ? channelOf(world, channel.parentId) : channel;

export function permissionsIn(world: World, channel: Channel, userId: string): bigint {
  if (channel.guildId === null) {
    const isIn = userId === world.application.user.id || channel.recipients.includes(userId);
    return isIn ? EVERYONE : 0n;
  }
  const guild = guildOf(world, channel.guildId);
  const at = { guild, channel: permissionChannel(world, channel), now: world.time.now() };
  const bits = channelPermissions(at, userId);
  return isHiddenThread(channel, userId, bits) ? 0n : bits;
}

const isHiddenThread = (channel: Channel, userId: string, bits: bigint): boolean =>
  channel.type === 12 &&
  !channel.thread?.members.has(userId) &&
  !(bits & PERMISSION.MANAGE_THREADS);

export const canSee = (world: World, channel: Channel, userId: string): boolean =>
  (permissionsIn(world, channel, userId) & PERMISSION.VIEW_CHANNEL) !== 0n;

/** The threads of a guild, or of a channel. */
export const threadsOf = (world: World, parentOrGuild: string): readonly Thread[] =>
  [...world.channels.values()].filter(
    (channel): channel is Thread =>
      isThread(channel) &&
      (channel.guildId === parentOrGuild || channel.parentId === parentOrGuild),
  );
