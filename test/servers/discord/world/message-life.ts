import type { Json } from "../wire/json.ts";
import { messageEventJson } from "../wire/message-json.ts";
import { type Channel, isThread } from "./channel.ts";
import { INTENT, intentFor } from "./intents.ts";
import { MESSAGE, type Message, type MessageReference, type StoredFile } from "./message.ts";
import { AllowedMentions, pingsOf } from "./pings.ts";
import { refusal } from "./refusal.ts";
import { changeThread, joinThread, keepActive } from "./thread-life.ts";
import type { World } from "./world.ts";

/** A message before it has an id. */
export interface Draft {
  /** Of the thread it is the first message of; else a new one. */
  readonly id?: string;
  readonly authorId: string;
  readonly content?: string;
  readonly embeds?: readonly Json[];
  readonly components?: readonly Json[];
  readonly files?: readonly StoredFile[];
  readonly flags?: number;
  readonly type?: number;
  readonly reference?: MessageReference | null;
  readonly nonce?: string | number | null;
  readonly allowedMentions?: Json | undefined;
  readonly webhook?: Message["webhook"];
  readonly interaction?: Message["interaction"];
  readonly visibleTo?: string | null;
}

const tell = (world: World, name: string, message: Message, channel: Channel): void => {
  if (message.visibleTo !== null) return;
  world.dispatch({
    name,
    intent: intentFor("messages", channel.guildId),
    guildId: channel.guildId,
    channel,
    data: (intents) => messageEventJson(world, message, (intents & INTENT.messageContent) !== 0),
  });
};

export const tellMessageUpdate = (world: World, message: Message, channel: Channel): void =>
  tell(world, "MESSAGE_UPDATE", message, channel);

const pings = (world: World, channel: Channel, message: Omit<Message, "pings">) => {
  const { reference, type } = message;
  const target = reference && channel.messages.get(reference.messageId);
  return pingsOf(world, channel, {
    content: message.content,
    authorId: message.authorId,
    allowed: AllowedMentions.safeParse(message.allowedMentions).data,
    repliedTo: type === MESSAGE.reply ? target?.authorId : undefined,
  });
};

const BLANK = {
  content: "",
  embeds: [],
  components: [],
  files: [],
  flags: 0,
  reference: null,
  nonce: null,
  webhook: null,
  interaction: null,
  visibleTo: null,
  allowedMentions: undefined,
  editedAt: null,
};

/** Puts a message into a channel; a sleeping thread wakes up. */
export function createMessage(world: World, channel: Channel, draft: Draft): Message {
  const unread: Omit<Message, "pings"> = {
    ...BLANK,
    ...draft,
    id: draft.id ?? world.ids.next(),
    channelId: channel.id,
    type: draft.type ?? (draft.reference ? MESSAGE.reply : MESSAGE.plain),
    createdAt: world.time.now(),
    reactions: new Map(),
  };
  const message: Message = { ...unread, pings: pings(world, channel, unread) };
  channel.messages.set(message.id, message);
  if (message.visibleTo === null) settleIn(world, channel, message);
  tell(world, "MESSAGE_CREATE", message, channel);
  return message;
}

/** What a message does to its channel. */
function settleIn(world: World, channel: Channel, message: Message): void {
  channel.lastMessageId = message.id;
  if (!isThread(channel) || message.type === MESSAGE.threadStarter) return;
  const { thread } = channel;
  if (message.id !== channel.id) thread.messageCount++;
  thread.totalSent++;
  if (thread.archived) changeThread(world, channel, { archived: false });
  else keepActive(world, channel);
  const named = message.pings.users.filter((id) =>
    world.guilds.get(channel.guildId ?? "")?.members.has(id),
  );
  if (!message.webhook) joinThread(world, channel, [message.authorId, ...named]);
}

/** What an edit may change. */
export type Edit = Partial<
  Pick<Message, "content" | "embeds" | "components" | "files" | "flags" | "allowedMentions">
>;

/** Edits do not ring, but `mentions` follows the text. */
export function editMessage(world: World, channel: Channel, message: Message, edit: Edit): void {
  Object.assign(message, edit);
  message.editedAt = world.time.now();
  message.pings = pings(world, channel, message);
  tellMessageUpdate(world, message, channel);
}

/** The preview of a link turns up: an update that nobody made. */
export function addPreview(world: World, channel: Channel, message: Message): void {
  const preview = { type: "article", title: "A page", url: "https://example.com/" };
  message.embeds = [...message.embeds, preview];
  tellMessageUpdate(world, message, channel);
}

/** A moderator clears several messages at once, which is told once. */
export function deleteMessages(world: World, channel: Channel, messages: readonly Message[]): void {
  const { guildId } = channel;
  const ids = messages.map(({ id }) => id);
  for (const id of ids) channel.messages.delete(id);
  world.dispatch({
    name: "MESSAGE_DELETE_BULK",
    intent: intentFor("messages", guildId),
    guildId,
    channel,
    data: () => ({ ids, channel_id: channel.id, guild_id: guildId }),
  });
}

export function deleteMessage(world: World, channel: Channel, message: Message): void {
  if (!channel.messages.delete(message.id)) throw refusal("unknownMessage");
  if (isThread(channel)) channel.thread.messageCount--;
  if (message.visibleTo !== null) return;
  const { guildId } = channel;
  world.dispatch({
    name: "MESSAGE_DELETE",
    intent: intentFor("messages", guildId),
    guildId,
    channel,
    data: () => ({
      id: message.id,
      channel_id: channel.id,
      ...(guildId !== null && { guild_id: guildId }),
    }),
  });
}
