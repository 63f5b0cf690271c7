import type { AttachedFile, DeliveryMark, Person, ThreadMessage } from "../../../src/platform.ts";
import { cutSmallPrint, parseAsked, spokenQuestion } from "../render/small-print.ts";
import { readTaskBoxes } from "../render/markdown.ts";
import { timeOf } from "../ids.ts";
import { type Attachment, type Message, MESSAGE_TYPES, type User } from "../wire/message.ts";
import { displayName } from "../guilds/people.ts";
import { parsePress } from "../render/buttons.ts";
import { readEmbeds, readText, type Reader } from "./read-text.ts";
import type { Api } from "../api/api.ts";
import { attachedFile } from "./attached-file.ts";
import type { Guilds } from "../guilds/guilds.ts";

export interface MessageReader extends Reader {
  readonly file: (attachment: Attachment, message: Message) => AttachedFile;
}

/** A message as the conversation has it. Pure, but for the files, which are fetched later. */
export function readMessage(message: Message, reader: MessageReader): ThreadMessage {
  const isOwn = message.author.id === reader.self;
  const asked = isOwn ? parseAsked(message) : undefined;
  const mark = isOwn && !asked ? markOf(message) : undefined;
  return {
    id: message.id,
    author: authorOf(message, reader.self),
    text: asked ? spokenQuestion(asked) : textOf(message, reader, isOwn),
    files: filesOf(message).map((attachment) => reader.file(attachment, message)),
    at: sentAt(message),
    ...(mark && { mark }),
  };
}

/** Who says it: of a question asked with `/ask`, the person who asked. */
export function authorOf(message: Message, self: string): Person {
  const { author, webhook_id: webhook, interaction_metadata: by } = message;
  if (author.id === self) {
    return by && parseAsked(message)
      ? personOf(by.user)
      : { id: self, name: displayName(author), kind: "self" };
  }
  return webhook ? { ...personOf(author), kind: "bot" } : personOf(author);
}

export const personOf = (user: User): Person => ({
  id: user.id,
  name: displayName(user),
  kind: user.bot ? "bot" : "person",
});

function textOf(message: Message, reader: Reader, isOwn: boolean): string {
  const text = readText(message, reader);
  if (isOwn) return readTaskBoxes(cutSmallPrint(text));
  return text === "" && message.author.bot ? readEmbeds(message) : text;
}

const filesOf = ({ attachments, message_snapshots: snapshots }: Message): readonly Attachment[] => [
  ...attachments,
  ...snapshots.flatMap(({ message: forwarded }) => forwarded.attachments),
];

/** When a message was sent, as its server says, ms since the epoch; undefined: it does not say. */
export function toldAt({ timestamp }: Pick<Message, "timestamp">): number | undefined {
  const at = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Whether its server's ids tell the time, as Discord's do; a compatible server may count on from any number. */
export function idTellsTime({ id, timestamp }: Pick<Message, "id" | "timestamp">): boolean {
  const at = toldAt({ timestamp });
  return at === undefined || Math.abs(at - (timeOf(id) ?? 0)) < DAY_MS;
}

const DAY_MS = 24 * 3_600_000;

/** Milliseconds since the epoch; 0 where neither the server nor the id tells. */
export const sentAt = (message: Pick<Message, "id" | "timestamp">): number =>
  toldAt(message) ?? timeOf(message.id) ?? 0;

/** The mark of one of Parley's own messages; on others it proves nothing. */
export const markOf = ({ components }: Pick<Message, "components">): DeliveryMark | undefined =>
  customIds(components).flatMap((id) => parsePress(id)?.mark ?? [])[0];

function customIds(components: unknown): readonly string[] {
  if (Array.isArray(components)) return components.flatMap(customIds);
  if (typeof components !== "object" || components === null) return [];
  const own = "custom_id" in components ? [String(components.custom_id)] : [];
  return "components" in components ? [...own, ...customIds(components.components)] : own;
}

/** Whether somebody says something in it: not "Ada pinned a message", nor the thread's link to its first message. */
export const isSaid = ({ type }: Pick<Message, "type">): boolean =>
  type === MESSAGE_TYPES.plain || type === MESSAGE_TYPES.reply || type === MESSAGE_TYPES.command;

export interface ReaderPorts {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "channel" | "roleName" | "ownRole">;
  readonly identity: () => Promise<string>;
}

/** Reads the messages of a server, or direct ones. */
export type Readers = (guild: string | undefined) => Promise<MessageReader>;

export const createReaders =
  ({ api, guilds, identity }: ReaderPorts): Readers =>
  async (guild) => ({
    self: await identity(),
    ownRole: guild === undefined ? undefined : guilds.ownRole(guild),
    channelName: (id) => guilds.channel(id)?.name ?? undefined,
    roleName: (id) => (guild === undefined ? undefined : guilds.roleName(guild, id)),
    file: (attachment, message) => attachedFile(api, attachment, message),
  });
