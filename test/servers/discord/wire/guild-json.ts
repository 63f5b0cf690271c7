import type { Guild, Role } from "../world/guild.ts";
import { isThread } from "../world/channel.ts";
import { canSee } from "../world/look-up.ts";
import { timestamp } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { channelJson } from "./channel-json.ts";
import type { Json } from "./json.ts";
import { fullMemberJson } from "./user-json.ts";

export const roleJson = (role: Role): Json => ({
  id: role.id,
  name: role.name,
  description: null,
  permissions: String(role.permissions),
  position: role.position,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: role.botId !== null,
  mentionable: role.mentionable,
  icon: null,
  unicode_emoji: null,
  flags: 0,
  ...(role.botId !== null && { tags: { bot_id: role.botId } }),
});

/** A guild as `GET /guilds/…` gives it. */
export const guildJson = (guild: Guild): Json => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  description: null,
  home_header: null,
  splash: null,
  discovery_splash: null,
  banner: null,
  features: [],
  owner_id: guild.ownerId,
  application_id: null,
  region: "us-west",
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: 0,
  roles: [...guild.roles.values()].map(roleJson),
  default_message_notifications: 0,
  mfa_level: 0,
  explicit_content_filter: 0,
  max_presences: null,
  max_members: 500_000,
  max_stage_video_channel_users: 50,
  max_video_channel_users: 25,
  vanity_url_code: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  preferred_locale: "en-US",
  rules_channel_id: null,
  safety_alerts_channel_id: null,
  public_updates_channel_id: null,
  premium_progress_bar_enabled: false,
  nsfw: false,
  nsfw_level: 0,
  emojis: [],
  stickers: [],
  incidents_data: null,
});

/** Without the intent for members only the bot itself comes along. */
export interface GuildCreateOptions {
  readonly withMembers: boolean;
}

/** GUILD_CREATE, in the guild's shape. */
export function guildCreateJson(world: World, guild: Guild, options: GuildCreateOptions): Json {
  const bot = world.application.user.id;
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const threads = channels.filter(
    (channel) => isThread(channel) && !channel.thread.archived && canSee(world, channel, bot),
  );
  const members = [...guild.members.values()].filter(
    ({ userId }) => options.withMembers || userId === bot,
  );
  const core: Json = {
    ...guildJson(guild),
    member_count: guild.members.size,
    joined_at: timestamp(guild.members.get(bot)?.joinedAt ?? world.time.now()),
    large: guild.members.size > 250,
    channels: channels.filter((c) => !isThread(c)).map((channel) => channelJson(world, channel)),
    threads: threads.map((thread) => channelJson(world, thread)),
    members: members.flatMap((member) => {
      const user = world.users.get(member.userId);
      return user ? [fullMemberJson(member, user)] : [];
    }),
  };
  return { ...core, ...SHAPES[guild.shape] };
}

const WITH_ALL: Json = {
  unavailable: false,
  voice_states: [],
  presences: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
};
const SHAPES: Readonly<Record<Guild["shape"], Json>> = {
  full: WITH_ALL,
  lean: {},
  odd: {
    ...WITH_ALL,
    lazy: true,
    version: 1_764_000_000_000,
    activity_instances: [],
    embedded_activities: [],
    premium_features: { features: [], additional_emoji_slots: 0, additional_sound_slots: 0 },
    clan: null,
    profile: null,
    owner_configured_content_level: 0,
  },
};
