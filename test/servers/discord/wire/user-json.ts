import type { Guild, Member } from "../world/guild.ts";
import type { User } from "../world/user.ts";
import { timestamp } from "../world/time.ts";
import type { Json } from "./json.ts";

export const userJson = (user: User): Json => ({
  id: user.id,
  username: user.username,
  discriminator: user.bot ? "6184" : "0",
  global_name: user.globalName,
  avatar: null,
  public_flags: user.bot ? 524_288 : 0,
  primary_guild: null,
  avatar_decoration_data: null,
  clan: null,
  collectibles: null,
  display_name_styles: null,
  flags: 0,
  ...(user.bot && { bot: true }),
});

/** As in messages: without the user. */
export const memberJson = (member: Member): Json => ({
  roles: member.roles,
  nick: member.nick,
  joined_at: timestamp(member.joinedAt),
  premium_since: null,
  pending: false,
  mute: false,
  deaf: false,
  flags: 0,
  avatar: null,
  banner: null,
  communication_disabled_until:
    member.timedOutUntil === null ? null : timestamp(member.timedOutUntil),
});

export const fullMemberJson = (member: Member, user: User): Json => ({
  ...memberJson(member),
  user: userJson(user),
});

export const webhookUserJson = (webhook: { id: string; name: string }): Json => ({
  id: webhook.id,
  username: webhook.name,
  discriminator: "0000",
  global_name: null,
  avatar: null,
  public_flags: 0,
  flags: 0,
  primary_guild: null,
  bot: true,
});

export const memberOrNull = (guild: Guild | undefined, userId: string): Member | null =>
  guild?.members.get(userId) ?? null;
