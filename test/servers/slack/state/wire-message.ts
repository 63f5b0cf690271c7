import { asHandedOut } from "../blocks/stored.ts";
import { type Channel, repliesOf } from "./channel.ts";
import { present, type Fields } from "./fields.ts";
import { wireFile } from "./file.ts";
import { isReply, type Message } from "./message.ts";
import type { Workspace } from "./workspace.ts";

export interface WireContext {
  readonly workspace: Workspace;
  readonly channel: Channel;
  /** Where files are fetched from. */
  readonly origin: string;
  readonly withMetadata: boolean;
}

/** A message as history, events and interactions carry it. */
export function wireMessage(message: Message, context: WireContext): Fields {
  const { workspace } = context;
  return present({
    type: "message",
    subtype: message.subtype,
    user: message.user,
    username: message.username,
    ts: message.ts,
    client_msg_id: message.clientMsgId,
    bot_id: message.botId,
    app_id: message.appId,
    text: message.text,
    team: message.team,
    blocks: asHandedOut(message.blocks),
    attachments: message.attachments.length > 0 ? message.attachments : undefined,
    files: filesOf(message, context),
    metadata: context.withMetadata ? message.metadata : undefined,
    edited: message.isEditedShown ? message.edited : undefined,
    reactions: reactionsOf(message),
    bot_profile: botProfileOf(message, workspace),
    // Of another organisation: who it is stands in the message itself.
    ...(message.team !== workspace.id && {
      user_team: message.team,
      source_team: message.team,
      user_profile: profileOf(message, workspace),
    }),
    ...threadOf(message, context.channel),
  });
}

const filesOf = ({ files }: Message, { workspace, origin }: WireContext) =>
  files.length === 0
    ? undefined
    : files.flatMap((id) => {
        const file = workspace.files.get(id);
        return file ? [wireFile(file, origin, false)] : [{ id, mode: "tombstone" }];
      });

const reactionsOf = ({ reactions }: Message) =>
  reactions.size === 0
    ? undefined
    : [...reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));

const botProfileOf = ({ botId, appId, team, user }: Message, { users }: Workspace) =>
  botId === undefined
    ? undefined
    : present({
        id: botId,
        app_id: appId,
        name: users.get(user ?? "")?.realName ?? "integration",
        deleted: false,
        team_id: team,
      });

function profileOf({ user }: Message, { users }: Workspace): Fields | undefined {
  const author = users.get(user ?? "");
  return author && { display_name: author.displayName, real_name: author.realName };
}

function threadOf(message: Message, channel: Channel): Fields {
  if (isReply(message)) {
    return {
      thread_ts: message.threadTs,
      parent_user_id: channel.messages.get(message.threadTs ?? "")?.user,
    };
  }
  const replies = repliesOf(channel, message.ts);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.flatMap(({ user }) => user ?? []))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
    reply_users: users,
    is_locked: false,
    subscribed: true,
  };
}
