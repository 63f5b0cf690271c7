import { isReply, type Message } from "./message.ts";

export type ChannelKind = "public" | "private" | "im" | "mpim";

/** What the app shows of its work in a thread, besides messages. */
export interface NativeStatus {
  readonly kind: "assistant" | "session";
  readonly status: string;
}

export interface Channel {
  readonly id: string;
  name: string;
  readonly kind: ChannelKind;
  readonly members: Set<string>;
  /** By ts, oldest first; ephemeral ones are kept apart. */
  readonly messages: Map<string, Message>;
  readonly ephemerals: Message[];
  isArchived: boolean;
  /** Shared with another organisation (Slack Connect). */
  readonly isShared: boolean;
  /** By thread. */
  readonly native: Map<string, NativeStatus>;
}

export const createChannel = (
  id: string,
  { name = id.toLowerCase(), kind = "public", members = [], isShared = false }: ChannelOptions,
): Channel => ({
  id,
  name,
  kind,
  members: new Set(members),
  messages: new Map(),
  ephemerals: [],
  isArchived: false,
  isShared,
  native: new Map(),
});

export interface ChannelOptions {
  readonly name?: string;
  readonly kind?: ChannelKind;
  readonly members?: Iterable<string>;
  readonly isShared?: boolean;
}

/** A thread's replies, oldest first, without its root. */
export const repliesOf = ({ messages }: Channel, ts: string): readonly Message[] =>
  [...messages.values()].filter((message) => isReply(message) && message.threadTs === ts);

/** "channel" | "group" | "im" | "mpim", as events say. */
export const channelTypeOf = ({ kind }: Channel): string =>
  ({ public: "channel", private: "group", im: "im", mpim: "mpim" })[kind];

/** Which scope reads its history: "channels:history" and its like. */
export const scopeOf = ({ kind }: Channel, what: "history" | "read"): string =>
  `${{ public: "channels", private: "groups", im: "im", mpim: "mpim" }[kind]}:${what}`;
