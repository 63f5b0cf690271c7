import { threadJson, threadMemberJson } from "../wire/channel-json.ts";
import { CHANNEL, type Channel, type Thread } from "./channel.ts";
import { INTENT } from "./intents.ts";
import { threadsOf } from "./look-up.ts";
import { refusal } from "./refusal.ts";
import type { World } from "./world.ts";

export interface NewThread {
  /** Of the message it starts from; else a new one. */
  readonly id?: string;
  readonly name: string;
  readonly type: number;
  readonly ownerId: string;
  /** Minutes. */
  readonly autoArchive?: number;
  readonly appliedTags?: readonly string[];
}

/** A day, as the app offers it first. */
const AUTO_ARCHIVE = 1_440;

const tellThread = (world: World, name: string, thread: Thread, more: object = {}): void =>
  world.dispatch({
    name,
    intent: INTENT.guilds,
    guildId: thread.guildId,
    channel: thread,
    data: () => ({ ...threadJson(thread, world.application.user.id), ...more }),
  });

export function createThread(world: World, parent: Channel, options: NewThread): Thread {
  const active = threadsOf(world, parent.guildId ?? "").filter(({ thread: t }) => !t.archived);
  if (active.length >= world.maxActiveThreads) throw refusal("tooManyThreads");
  const now = world.time.now();
  const thread: Thread = {
    id: options.id ?? world.ids.next(),
    guildId: parent.guildId,
    type: options.type,
    name: options.name,
    topic: null,
    parentId: parent.id,
    overwrites: [],
    position: 0,
    tags: [],
    requiresTag: false,
    recipients: [],
    messages: new Map(),
    lastMessageId: null,
    thread: {
      ownerId: options.ownerId,
      archived: false,
      locked: false,
      autoArchive: options.autoArchive ?? AUTO_ARCHIVE,
      archiveChangedAt: now,
      createdAt: now,
      members: new Map([[options.ownerId, { joinedAt: now }]]),
      appliedTags: options.appliedTags ?? [],
      messageCount: 0,
      totalSent: 0,
      cancelArchive: () => {},
    },
  };
  world.channels.set(thread.id, thread);
  keepActive(world, thread);
  tellThread(world, "THREAD_CREATE", thread, { newly_created: true });
  tellMembers(world, thread, [options.ownerId]);
  return thread;
}

/** Starts the time after which a silent thread is archived. */
export function keepActive(world: World, channel: Thread): void {
  const { thread } = channel;
  thread.cancelArchive();
  thread.cancelArchive = world.time.setTimer(thread.autoArchive * 60_000, () =>
    changeThread(world, channel, { archived: true }),
  );
}

export interface ThreadChange {
  readonly name?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly locked?: boolean | undefined;
  readonly autoArchive?: number | undefined;
  readonly appliedTags?: readonly string[] | undefined;
}

export function changeThread(world: World, channel: Thread, change: ThreadChange): void {
  const { thread } = channel;
  channel.name = change.name ?? channel.name;
  thread.locked = change.locked ?? thread.locked;
  thread.autoArchive = change.autoArchive ?? thread.autoArchive;
  thread.appliedTags = change.appliedTags ?? thread.appliedTags;
  if (change.archived !== undefined && change.archived !== thread.archived) {
    thread.archived = change.archived;
    thread.archiveChangedAt = world.time.now();
  }
  if (thread.archived) thread.cancelArchive();
  else keepActive(world, channel);
  tellThread(world, "THREAD_UPDATE", channel);
}

export function deleteThread(world: World, thread: Thread): void {
  thread.thread.cancelArchive();
  const { id, guildId, parentId, type } = thread;
  world.dispatch({
    name: "THREAD_DELETE",
    intent: INTENT.guilds,
    guildId,
    channel: thread,
    data: () => ({ id, guild_id: guildId, parent_id: parentId, type }),
  });
  world.channels.delete(id);
}

/** Adds people to a thread; those who are in it already stay. The bot learns of a private thread by being added. */
export function joinThread(world: World, channel: Thread, userIds: readonly string[]): void {
  const { members } = channel.thread;
  const added = userIds.filter((id) => !members.has(id));
  for (const id of added) members.set(id, { joinedAt: world.time.now() });
  if (added.length === 0) return;
  const isNews = channel.type === CHANNEL.privateThread;
  if (isNews && added.includes(world.application.user.id)) {
    tellThread(world, "THREAD_CREATE", channel);
  }
  tellMembers(world, channel, added);
}

export function leaveThread(world: World, channel: Thread, userId: string): void {
  if (!channel.thread.members.delete(userId)) return;
  tellMembers(world, channel, [], [userId]);
}

/** About others only with the intent for members; about the bot always. */
function tellMembers(
  world: World,
  channel: Thread,
  added: readonly string[],
  removed: readonly string[] = [],
): void {
  const { id, guildId, thread } = channel;
  const isAboutBot = [...added, ...removed].includes(world.application.user.id);
  const now = world.time.now();
  world.dispatch({
    name: "THREAD_MEMBERS_UPDATE",
    intent: isAboutBot ? INTENT.guilds : INTENT.guildMembers,
    guildId,
    ...(removed.length === 0 && { channel }),
    data: () => ({
      id,
      guild_id: guildId,
      member_count: Math.min(thread.members.size, 50),
      ...(added.length > 0 && {
        added_members: added.map((userId) => threadMemberJson(id, userId, now)),
      }),
      ...(removed.length > 0 && { removed_member_ids: removed }),
    }),
  });
}
