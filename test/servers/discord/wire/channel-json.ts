import { CHANNEL, type Channel, isThread, type Thread } from "../world/channel.ts";
import { timestamp } from "../world/time.ts";
import type { World } from "../world/world.ts";
import type { Json } from "./json.ts";
import { userJson } from "./user-json.ts";

const REQUIRES_TAG = 1 << 4;

export function channelJson(world: World, channel: Channel): Json {
  if (isThread(channel)) return threadJson(channel, world.application.user.id);
  if (channel.guildId === null) return directJson(world, channel);
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: channel.parentId,
    flags: channel.requiresTag ? REQUIRES_TAG : 0,
    permission_overwrites: channel.overwrites.map((overwrite) => ({
      id: overwrite.id,
      type: overwrite.type === "role" ? 0 : 1,
      allow: String(overwrite.allow),
      deny: String(overwrite.deny),
    })),
    ...(channel.type !== CHANNEL.category && {
      topic: channel.topic,
      nsfw: false,
      rate_limit_per_user: 0,
      last_message_id: channel.lastMessageId,
    }),
    ...(channel.type === CHANNEL.forum && forumJson(channel)),
  };
}

const forumJson = (channel: Channel): Json => ({
  available_tags: channel.tags.map(({ id, name }) => ({
    id,
    name,
    moderated: false,
    emoji_id: null,
    emoji_name: null,
  })),
  default_reaction_emoji: null,
  default_sort_order: null,
  default_forum_layout: 0,
  default_thread_rate_limit_per_user: 0,
});

const directJson = (world: World, channel: Channel): Json => ({
  id: channel.id,
  type: channel.type,
  flags: 0,
  last_message_id: channel.lastMessageId,
  recipients: channel.recipients.flatMap((id) => {
    const user = world.users.get(id);
    return user ? [userJson(user)] : [];
  }),
});

const PREVIEW = 5;

/** A thread; `member` is the reader's, where it is in it. */
export function threadJson(channel: Thread, reader: string): Json {
  const { thread } = channel;
  const membership = thread.members.get(reader);
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    parent_id: channel.parentId,
    owner_id: thread.ownerId,
    name: channel.name,
    last_message_id: channel.lastMessageId,
    message_count: thread.messageCount,
    total_message_sent: thread.totalSent,
    member_count: Math.min(thread.members.size, 50),
    member_ids_preview: [...thread.members.keys()].slice(0, PREVIEW),
    rate_limit_per_user: 0,
    flags: 0,
    ...(thread.appliedTags.length > 0 && { applied_tags: thread.appliedTags }),
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      auto_archive_duration: thread.autoArchive,
      archive_timestamp: timestamp(thread.archiveChangedAt),
      create_timestamp: timestamp(thread.createdAt),
      ...(channel.type === CHANNEL.privateThread && { invitable: true }),
    },
    ...(membership && { member: threadMemberJson(channel.id, reader, membership.joinedAt) }),
  };
}

export const threadMemberJson = (threadId: string, userId: string, joinedAt: number): Json => ({
  id: threadId,
  user_id: userId,
  join_timestamp: timestamp(joinedAt),
  flags: 1,
});
