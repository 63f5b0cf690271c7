import type { Overwrite } from "./guild.ts";
import type { Message } from "./message.ts";

export const CHANNEL = {
  text: 0,
  direct: 1,
  voice: 2,
  category: 4,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const;

export interface ForumTag {
  readonly id: string;
  readonly name: string;
}

/** What a thread has besides a channel. */
export interface ThreadState {
  readonly ownerId: string;
  archived: boolean;
  locked: boolean;
  /** Minutes: 60, 1440, 4320 or 10080. */
  autoArchive: number;
  /** When `archived` changed last. */
  archiveChangedAt: number;
  readonly createdAt: number;
  /** By user id. */
  readonly members: Map<string, { readonly joinedAt: number }>;
  appliedTags: readonly string[];
  /** Messages besides the starter, deleted ones left out. */
  messageCount: number;
  /** The same with deleted ones. */
  totalSent: number;
  cancelArchive: () => void;
}

export interface Channel {
  readonly id: string;
  /** Null: direct messages. */
  readonly guildId: string | null;
  readonly type: number;
  name: string;
  topic: string | null;
  readonly parentId: string | null;
  readonly overwrites: Overwrite[];
  readonly position: number;
  readonly tags: readonly ForumTag[];
  /** A forum post needs a tag. */
  readonly requiresTag: boolean;
  /** Of direct messages: everybody but the bot. */
  readonly recipients: readonly string[];
  /** Oldest first. */
  readonly messages: Map<string, Message>;
  lastMessageId: string | null;
  readonly thread: ThreadState | null;
}

export type Thread = Channel & { readonly thread: ThreadState };

export const isThread = (channel: Channel): channel is Thread => channel.thread !== null;

/** Channels that hold messages themselves. */
export const holdsMessages = (channel: Channel): boolean =>
  channel.type !== CHANNEL.forum && channel.type !== CHANNEL.category;
