import type { Fields } from "./fields.ts";

/** A message as the workspace keeps it. */
export interface Message {
  readonly channel: string;
  readonly ts: string;
  /** The thread's root; the message's own ts when it has replies. */
  threadTs: string | undefined;
  /** Undefined: an old-style integration, which has a name only. */
  readonly user: string | undefined;
  readonly username?: string | undefined;
  readonly botId: string | undefined;
  readonly appId: string | undefined;
  readonly clientMsgId: string | undefined;
  readonly isEphemeralFor?: string | undefined;
  readonly files: readonly string[];
  /** Of the author's own workspace. */
  readonly team: string;
  subtype: string | undefined;
  text: string;
  blocks: readonly Fields[] | undefined;
  attachments: readonly Fields[];
  metadata: Fields | undefined;
  edited: { readonly user: string; readonly ts: string } | undefined;
  isEditedShown: boolean;
  readonly reactions: Map<string, Set<string>>;
}

export type Draft = Pick<Message, "text" | "team"> &
  Partial<
    Pick<
      Message,
      | "user"
      | "username"
      | "botId"
      | "appId"
      | "clientMsgId"
      | "threadTs"
      | "subtype"
      | "blocks"
      | "attachments"
      | "metadata"
      | "files"
      | "isEphemeralFor"
    >
  >;

export const createMessage = (channel: string, ts: string, draft: Draft): Message => ({
  threadTs: undefined,
  user: undefined,
  botId: undefined,
  appId: undefined,
  clientMsgId: undefined,
  subtype: undefined,
  blocks: undefined,
  attachments: [],
  metadata: undefined,
  files: [],
  edited: undefined,
  isEditedShown: false,
  reactions: new Map(),
  ...draft,
  channel,
  ts,
});

export const isReply = ({ ts, threadTs }: Pick<Message, "ts" | "threadTs">): boolean =>
  threadTs !== undefined && threadTs !== ts;
