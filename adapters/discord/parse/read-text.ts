import type { Message } from "../wire/message.ts";
import { displayName } from "../guilds/people.ts";

/** What is needed to read a message's text as a person sees it. */
export interface Reader {
  /** Parley's own user. */
  readonly self: string;
  /** Parley's managed role in that server. */
  readonly ownRole?: string | undefined;
  /** undefined: unknown. */
  readonly channelName: (id: string) => string | undefined;
  readonly roleName: (id: string) => string | undefined;
}

type MessageBody = Pick<
  Message,
  "content" | "embeds" | "sticker_items" | "mentions" | "message_snapshots" | "poll"
>;

// Users, roles, channels, commands, emoji, times.
const TOKENS =
  /<(?:@!?(?<user>\d+)|@&(?<role>\d+)|#(?<channel>\d+)|\/(?<command>[^:<>]+):\d+|a?:(?<emoji>\w+):\d+|t:(?<time>-?\d+)(?::\w)?)>/g;

/** The message as Markdown: names instead of ids, without Parley's own mention; stickers, polls and forwards in words. */
export function readText(message: MessageBody, reader: Reader): string {
  return [
    withNames(message.content ?? "", message, reader),
    ...message.message_snapshots.map(({ message: forwarded }) =>
      quoted(`Forwarded:\n${withNames(forwarded.content ?? "", forwarded, reader)}`, forwarded),
    ),
    ...message.sticker_items.map(({ name }) => `(sticker: ${name})`),
    pollText(message.poll),
  ]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The text of embeds, for bots that write nothing else. */
export const readEmbeds = ({ embeds }: Pick<Message, "embeds">): string =>
  embeds
    .flatMap(({ title, description, fields }) => [
      title ? `**${title}**` : "",
      description ?? "",
      ...(fields ?? []).map(({ name, value }) => `${name}: ${value}`),
    ])
    .filter((part) => part !== "")
    .join("\n");

const quoted = (text: string, forwarded: Pick<Message, "embeds">): string =>
  [text, readEmbeds(forwarded)]
    .filter((part) => part !== "")
    .join("\n")
    .replace(/^/gm, "> ");

type Groups = Partial<Record<"user" | "role" | "channel" | "command" | "emoji" | "time", string>>;

function withNames(text: string, { mentions }: Pick<Message, "mentions">, reader: Reader): string {
  const own = ownMentions(reader);
  const people = new Map(mentions.map((person) => [person.id, person]));
  const named = (token: string, groups: Groups): string => {
    const { user, role, channel, command, emoji, time } = groups;
    if (own.has(token.replace("<@!", "<@"))) return "";
    if (user !== undefined) {
      const known = people.get(user);
      return known ? `@${displayName(known)}` : token;
    }
    if (role !== undefined) return `@${reader.roleName(role) ?? "role"}`;
    if (channel !== undefined) return `#${reader.channelName(channel) ?? "channel"}`;
    if (command !== undefined) return `/${command}`;
    return emoji === undefined ? formatTime(Number(time)) : `:${emoji}:`;
  };
  return text.replace(TOKENS, (...match: readonly unknown[]) =>
    named(String(match[0]), groupsOf(match.at(-1))),
  );
}

const groupsOf = (groups: unknown): Groups =>
  typeof groups === "object" && groups !== null ? groups : {};

/** Parley's mentions, without the "!" of old clients. */
export const ownMentions = ({ self, ownRole }: Pick<Reader, "self" | "ownRole">) =>
  new Set([`<@${self}>`, ...(ownRole === undefined ? [] : [`<@&${ownRole}>`])]);

const formatTime = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(".000Z", "Z");
};

function pollText(poll: MessageBody["poll"]): string {
  const question = poll?.question?.text;
  if (!poll || !question) return "";
  const answers = poll.answers.flatMap(({ poll_media: media }) => media?.text ?? []);
  return `(poll: ${question} ${answers.join(" / ")})`;
}
