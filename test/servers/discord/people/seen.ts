import { COMPONENT, partsOf, SELECTS } from "../forms/component-form.ts";
import { asJson, asList, asText, type Json } from "../wire/json.ts";
import {
  MESSAGE,
  MESSAGE_FLAG,
  type Message,
  type Pings,
  type StoredFile,
} from "../world/message.ts";
import { byAge } from "../world/snowflakes.ts";
import { TYPING_MS } from "../world/typing.ts";
import type { World } from "../world/world.ts";
import { channelAt, type MessagePlace, type Place, readable, shownName } from "./place.ts";

export interface SeenButton {
  readonly label: string;
  readonly customId: string | null;
  readonly isDisabled: boolean;
  /** 1 blue, 2 grey, 3 green, 4 red, 5 a link. */
  readonly style: number;
}

export interface SeenSelect {
  readonly customId: string;
  readonly placeholder: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
}

export interface SeenEmbed {
  readonly title: string;
  readonly description: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly footer: string;
}

export interface SeenFile {
  readonly name: string;
  readonly bytes: number;
  /** As UTF-8. */
  readonly text: string;
}

/** A message as people see it. */
export interface SeenMessage extends MessagePlace {
  readonly author: string;
  /** Names in place of mention tokens; texts of the larger components too. */
  readonly text: string;
  readonly embeds: readonly SeenEmbed[];
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly files: readonly SeenFile[];
  /** Emoji and how many people. */
  readonly reactions: Readonly<Record<string, number>>;
  readonly replyTo: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isEdited: boolean;
  /** For one person alone. */
  readonly isEphemeral: boolean;
  /** "Parley is thinking…". */
  readonly isThinking: boolean;
  /** Whom it rang for. */
  readonly pings: Pings;
  readonly nonce: string | number | null;
}

const UNSEEN: readonly number[] = [MESSAGE.threadStarter];

/** What stands in a place, oldest first; `as`: with what that person alone is shown. */
export function seenIn(world: World, place: Place, as?: Place): readonly SeenMessage[] {
  return [...channelAt(world, place).messages.values()]
    .filter(({ visibleTo }) => visibleTo === null || visibleTo === as?.id)
    .filter(({ type }) => !UNSEEN.includes(type))
    .toSorted((a, b) => byAge(a.id, b.id))
    .map((message) => seen(world, message));
}

export function seen(world: World, message: Message): SeenMessage {
  const channel = channelAt(world, { id: message.channelId });
  const parts = partsOf(message.components);
  const read = (text: unknown) => readable(world, channel, asText(text));
  const texts = parts
    .filter(({ type }) => type === COMPONENT.textDisplay)
    .map(({ content }) => read(content));
  return {
    id: message.id,
    channelId: channel.id,
    author: message.webhook?.name ?? shownName(world, channel.guildId, message.authorId),
    text: [read(message.content), ...texts].filter(Boolean).join("\n"),
    embeds: message.embeds.map((embed) => seenEmbed(embed, read)),
    buttons: parts.filter(({ type }) => type === COMPONENT.button).map(seenButton),
    selects: parts.filter(({ type }) => SELECTS.includes(Number(type))).map(seenSelect),
    files: message.files.map(seenFile),
    reactions: Object.fromEntries([...message.reactions].map(([name, who]) => [name, who.size])),
    replyTo: message.reference?.messageId ?? null,
    at: message.createdAt,
    isEdited: message.editedAt !== null,
    isEphemeral: message.visibleTo !== null,
    isThinking: (message.flags & MESSAGE_FLAG.loading) !== 0,
    pings: message.pings,
    nonce: message.nonce,
  };
}

const seenFile = ({ name, bytes }: StoredFile): SeenFile => ({
  name,
  bytes: bytes.byteLength,
  text: new TextDecoder().decode(bytes),
});

const seenEmbed = (embed: Json, read: (text: unknown) => string): SeenEmbed => ({
  title: read(embed["title"]),
  description: read(embed["description"]),
  fields: asList(embed["fields"]).map(({ name, value }) => ({
    name: read(name),
    value: read(value),
  })),
  footer: read(asJson(embed["footer"])["text"]),
});

const seenButton = (button: Json): SeenButton => {
  const words = [asJson(button["emoji"])["name"], button["label"]];
  return {
    label: words.filter(Boolean).join(" "),
    customId: typeof button["custom_id"] === "string" ? button["custom_id"] : null,
    isDisabled: button["disabled"] === true,
    style: Number(button["style"]),
  };
};

const seenSelect = (select: Json): SeenSelect => ({
  customId: asText(select["custom_id"]),
  placeholder: asText(select["placeholder"]),
  options: asList(select["options"]).map(({ label, value }) => ({
    label: asText(label),
    value: asText(value),
  })),
});

/** Names of those whose typing shows; a message of theirs ends it. */
export function typingIn(world: World, place: Place): readonly string[] {
  const channel = channelAt(world, place);
  const since = world.time.now() - TYPING_MS;
  const messages = [...channel.messages.values()];
  const shows = ({ channelId, userId, at }: World["typing"][number]): boolean =>
    channelId === channel.id &&
    at > since &&
    !messages.some(({ authorId, createdAt }) => authorId === userId && createdAt >= at);
  const names = world.typing
    .filter(shows)
    .map(({ userId }) => shownName(world, channel.guildId, userId));
  return [...new Set(names)];
}

/** A place as one text, the way it looks: for comparing whole conversations. */
export const formatSeen = (messages: readonly SeenMessage[]): string =>
  messages.map(formatMessage).join("\n");

function formatMessage(message: SeenMessage): string {
  const { author, text, embeds, buttons, selects, files, reactions } = message;
  const marks = [
    message.isEphemeral && "only you",
    message.isThinking && "thinking…",
    message.isEdited && "edited",
  ].filter(Boolean);
  const lines = [
    `${author}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}: ${text}`,
    ...embeds.flatMap(formatEmbed),
    ...files.map(({ name }) => `📎 ${name}`),
    buttons
      .map(({ label, isDisabled }) => (isDisabled ? `[${label}, off]` : `[${label}]`))
      .join(" "),
    ...selects.map(({ placeholder }) => `[${placeholder} ▾]`),
    Object.entries(reactions)
      .map(([emoji, count]) => `${emoji} ${count}`)
      .join("  "),
  ];
  return lines.filter(Boolean).join("\n");
}

const formatEmbed = ({ title, description, fields, footer }: SeenEmbed): readonly string[] =>
  [title, description, ...fields.map(({ name, value }) => `${name}: ${value}`), footer]
    .filter(Boolean)
    .flatMap((part) => part.split("\n"))
    .map((line) => `│ ${line}`);
