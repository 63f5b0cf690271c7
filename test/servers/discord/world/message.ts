import type { Json } from "../wire/json.ts";

/** What kind of message, by Discord's numbers. */
export const MESSAGE = {
  plain: 0,
  join: 7,
  threadCreated: 18,
  reply: 19,
  chatCommand: 20,
  threadStarter: 21,
  contextCommand: 23,
} as const;

export const MESSAGE_FLAG = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  voice: 1 << 13,
  componentsV2: 1 << 15,
} as const;

/** Largest file without a subscription, bytes. */
export const FILE_LIMIT = 10 * 1024 * 1024;

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly description: string | null;
}

export interface MessageReference {
  readonly messageId: string;
  readonly channelId: string;
  readonly guildId: string | null;
}

/** Whom a message rings for, after `allowed_mentions`. */
export interface Pings {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/** The interaction that a message answers. */
export interface MessageInteraction {
  readonly id: string;
  readonly type: number;
  readonly userId: string;
  readonly name: string | null;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  /** Its own name, for messages of webhooks. */
  readonly webhook: { readonly id: string; readonly name: string } | null;
  readonly type: number;
  content: string;
  embeds: readonly Json[];
  components: readonly Json[];
  files: readonly StoredFile[];
  flags: number;
  readonly reference: MessageReference | null;
  readonly nonce: string | number | null;
  pings: Pings;
  /** As it was sent; undefined where nothing was. */
  allowedMentions: Json | undefined;
  readonly createdAt: number;
  editedAt: number | null;
  /** User ids by emoji. */
  readonly reactions: Map<string, Set<string>>;
  readonly interaction: MessageInteraction | null;
  /** The only person who sees it. */
  readonly visibleTo: string | null;
}
