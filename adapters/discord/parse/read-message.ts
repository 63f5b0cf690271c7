import type { AttachedFile, DeliveryMark, Person, ThreadMessage } from "../../../src/platform.ts";
import { cutSmallPrint, parseAskedQuestion, askCommand } from "../render/small-print.ts";
import { readTaskBoxes } from "../render/markdown.ts";
import { snowflakeTime } from "../ids.ts";
import { type Attachment, type Message, MESSAGE_TYPES } from "../wire/message.ts";
import { displayName, personOf } from "../guilds/people.ts";
import { parsePress } from "../render/buttons.ts";
import { readComponents, readEmbeds, readText, type Reader } from "./read-text.ts";
import type { Api } from "../api/api.ts";
import { attachedFile } from "./attached-file.ts";
import type { Guilds } from "../guilds/guilds.ts";

export interface MessageReader extends Reader {
  /** A thread's name, with a forum post's tags; undefined: unknown. */
  readonly threadTitle?: (id: string) => string | undefined;
  readonly file: (attachment: Attachment, message: Message) => AttachedFile;
}

/** Converts a message for the conversation. Pure; files are fetched later. */
export function readMessage(message: Message, reader: MessageReader): ThreadMessage {
  const isOwn = message.author.id === reader.self;
  const asked = isOwn ? parseAskedQuestion(message) : undefined;
  const mark = isOwn && !asked ? markOf(message) : undefined;
  return {
    id: message.id,
    author: authorOf(message, reader.self),
    text: asked ? askCommand(asked) : textOf(message, reader, isOwn),
    files: filesOf(message).map((attachment) => reader.file(attachment, message)),
    at: sentAt(message),
    ...(mark && { mark }),
  };
}

/** The author; of a question posted by `/ask`, the person who asked. */
export function authorOf(message: Message, self: string): Person {
  const { author, webhook_id: webhook, interaction_metadata: by } = message;
  if (author.id === self) {
    return by && parseAskedQuestion(message)
      ? personOf(by.user)
      : { id: self, name: displayName(author), kind: "self" };
  }
  return webhook ? { ...personOf(author), kind: "bot" } : personOf(author);
}

function textOf(message: Message, reader: Reader, isOwn: boolean): string {
  const text = readText(message, reader);
  if (isOwn) return readTaskBoxes(cutSmallPrint(text));
  if (!message.author.bot && !message.webhook_id) return text;
  const parts = [text, readEmbeds(message), readComponents(message.components)];
  return parts.filter((part) => part !== "").join("\n");
}

const filesOf = ({ attachments, message_snapshots: snapshots }: Message): readonly Attachment[] => [
  ...attachments,
  ...snapshots.flatMap(({ message: forwarded }) => forwarded.attachments),
];

/** The message's own timestamp, ms since the epoch; undefined: it has none. */
export function timestampOf({ timestamp }: Pick<Message, "timestamp">): number | undefined {
  const at = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Whether the id tells when the message was sent, as on Discord; a compatible server may count from any number. */
export function hasSnowflake({ id, timestamp }: Pick<Message, "id" | "timestamp">): boolean {
  const at = timestampOf({ timestamp });
  return at === undefined || Math.abs(at - (snowflakeTime(id) ?? 0)) < DAY_MS;
}

const DAY_MS = 24 * 3_600_000;

/** When a message was sent, ms since the epoch; 0: neither its timestamp nor its id tells. */
export const sentAt = (message: Pick<Message, "id" | "timestamp">): number =>
  timestampOf(message) ?? snowflakeTime(message.id) ?? 0;

/** The delivery mark in the buttons. Trustworthy on Parley's own messages only. */
export const markOf = ({ components }: Pick<Message, "components">): DeliveryMark | undefined =>
  customIds(components).flatMap((id) => parsePress(id)?.mark ?? [])[0];

function customIds(components: unknown): readonly string[] {
  if (Array.isArray(components)) return components.flatMap(customIds);
  if (typeof components !== "object" || components === null) return [];
  const own = "custom_id" in components ? [String(components.custom_id)] : [];
  return "components" in components ? [...own, ...customIds(components.components)] : own;
}

/** Whether people wrote it. System messages, such as "Ada pinned a message", are not. */
export const isChatMessage = ({ type }: Pick<Message, "type">): boolean => WRITTEN.has(type);

const WRITTEN: ReadonlySet<number> = new Set([
  MESSAGE_TYPES.plain,
  MESSAGE_TYPES.reply,
  MESSAGE_TYPES.command,
  MESSAGE_TYPES.menu,
]);

export interface ReaderDeps {
  readonly api: Api;
  readonly guilds: Pick<Guilds, "channel" | "roleName" | "ownRole" | "tagsOf">;
  readonly ownId: () => Promise<string>;
}

/** Makes a reader for the messages of a server; undefined: of direct messages. */
export type Readers = (guild: string | undefined) => Promise<MessageReader>;

export const createReaders =
  ({ api, guilds, ownId }: ReaderDeps): Readers =>
  async (guild) => ({
    self: await ownId(),
    ownRole: guild === undefined ? undefined : guilds.ownRole(guild),
    channelName: (id) => guilds.channel(id)?.name ?? undefined,
    threadTitle: (id) => {
      const name = guilds.channel(id)?.name;
      const tags = guilds.tagsOf(id);
      return name && tags.length > 0 ? `${name} [${tags.join(", ")}]` : (name ?? undefined);
    },
    roleName: (id) => (guild === undefined ? undefined : guilds.roleName(guild, id)),
    file: (attachment, message) => attachedFile(api, attachment, message),
  });
