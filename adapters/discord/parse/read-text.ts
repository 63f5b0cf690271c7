import { cutLine } from "../render/lines.ts";
import { type Message, MESSAGE_TYPES } from "../wire/message.ts";
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

/** The text of embeds that bots write; not of previews of links. */
export const readEmbeds = ({ embeds }: Pick<Message, "embeds">): string =>
  embeds
    .filter(({ type }) => !type || type === "rich")
    .flatMap(({ author, title, description, fields, footer }) => [
      author?.name ?? "",
      title ? `**${title}**` : "",
      description ?? "",
      ...(fields ?? []).map(({ name, value }) => `${name}: ${value}`),
      footer?.text ?? "",
    ])
    .filter((part) => part !== "")
    .join("\n");

const TEXT_DISPLAY = 10;

/** The texts among a message's components, in order; they may nest. */
export function readComponents(components: unknown): string {
  if (Array.isArray(components)) return lines(components.map(readComponents));
  if (typeof components !== "object" || components === null) return "";
  if ("type" in components && components.type === TEXT_DISPLAY && "content" in components) {
    return typeof components.content === "string" ? components.content : "";
  }
  return "components" in components ? readComponents(components.components) : "";
}

const lines = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n");

/** Which message is replied to, in a few words; "": none is. */
export function readReply(message: Message, reader: Reader): string {
  const { message_reference: to, referenced_message: target } = message;
  if (!to?.message_id || to.type === 1 || !REPLIES.has(message.type)) return "";
  if (!target) return "(replying to a message that was deleted)";
  const shown = [
    readText({ ...target, message_snapshots: [], poll: undefined }, reader),
    readEmbeds(target),
    ...target.attachments.map(({ filename }) => filename),
  ].find((text) => text !== "");
  const said = cutLine((shown ?? "").replaceAll(/\s+/g, " "), LONGEST_QUOTE);
  return `(replying to ${displayName(target.author)}${said === "" ? "" : `: ${said}`})`;
}

const REPLIES: ReadonlySet<number> = new Set([MESSAGE_TYPES.reply, MESSAGE_TYPES.menu]);
const LONGEST_QUOTE = 200;

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
