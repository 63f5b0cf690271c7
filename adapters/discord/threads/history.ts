import {
  PlatformError,
  type Addressed,
  type Platform,
  type ThreadHistory,
  type ThreadMessage,
} from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import { addressedOf } from "../parse/addressed.ts";
import { parseAskedQuestion } from "../render/small-print.ts";
import {
  isChatMessage,
  type MessageReader,
  readMessage,
  type Readers,
} from "../parse/read-message.ts";
import { type DiscordPlace, placeOf } from "../ids.ts";
import type { Message } from "../wire/message.ts";
import { readReply } from "../parse/read-text.ts";
import { pagesBack } from "./fetch-messages.ts";
import { readStarter } from "./starter.ts";
import type { Starters } from "./starters.ts";

export interface HistoryOptions {
  readonly api: Api;
  readonly reader: MessageReader;
  readonly signal: AbortSignal;
  readonly starters: Pick<Starters, "of">;
}

/** Of a thread or direct channel, the latest pages. */
const MOST_PAGES = 20;
/** Of a channel without threads, which mixes conversations. */
const MOST_CHANNEL_PAGES = 1;

/** Discord's part of `Platform.history`. */
export const createHistory =
  (readers: Readers, api: Api, starters: Pick<Starters, "of">): Platform["history"] =>
  async (conversation, signal) => {
    const place = placeOf(conversation);
    return readHistory(place, { api, reader: await readers(place.guild), signal, starters });
  };

/** The conversation's messages, oldest first, with the message that the thread was opened on. Rejects with a `PlatformError`. */
export async function readHistory(
  place: DiscordPlace,
  options: HistoryOptions,
): Promise<ThreadHistory> {
  const { api, reader, signal } = options;
  const isChannel = place.guild !== undefined && place.thread === place.channel;
  const most = isChannel ? MOST_CHANNEL_PAGES : MOST_PAGES;
  try {
    const read = await readBack(api, place, { most, signal });
    const starter = await before(read, place, options);
    const written = [...starter.messages, ...read.messages].filter(isChatMessage);
    const root = starter.messages.at(-1);
    const messages = unique(written).map((message) => {
      const isIts = message === root || message.channel_id === place.thread;
      const addressed = isIts ? addressedIn(place, message, reader) : undefined;
      const read = readMessage(message, reader);
      const text = withContext(read, message, {
        place,
        reader,
        isFirst: message === (root ?? written[0]),
      });
      return { ...read, text, ...(addressed && { addressed }) };
    });
    return {
      messages,
      complete: read.complete && starter.complete,
    };
  } catch (error) {
    if (signal.aborted)
      throw new PlatformError("rejected", "Reading the thread was cancelled.", { cause: error });
    throw error;
  }
}

interface Within {
  readonly place: DiscordPlace;
  readonly reader: MessageReader;
  readonly isFirst: boolean;
}

/** The text, with what people see around it: the thread's title above its first message, and which message is replied to. */
function withContext({ text, author }: ThreadMessage, message: Message, within: Within): string {
  if (author.kind === "self") return text;
  const { place, reader, isFirst } = within;
  const isThread = place.thread !== place.channel;
  const title = isFirst && isThread ? reader.threadTitle?.(place.thread) : undefined;
  const isShown = title === undefined || saysTitle(text, title);
  const reply = message.channel_id === place.thread ? readReply(message, reader) : "";
  return [isShown ? "" : `(thread: ${title})`, text, reply]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Threads that Parley opens have the question's first line as their name. */
function saysTitle(text: string, title: string): boolean {
  const [said, name] = [text, title].map((words) => words.replaceAll(/[^\p{L}\p{N}]+/gu, ""));
  return (said ?? "").startsWith(name ?? "");
}

/** How a message addresses Parley; undefined: no person wrote it. */
function addressedIn(
  place: DiscordPlace,
  message: Message,
  reader: MessageReader,
): Addressed | undefined {
  if (message.author.id === reader.self) return parseAskedQuestion(message) && "mention";
  if (message.author.bot || message.webhook_id) return undefined;
  if (place.guild === undefined) return addressedOf(message, "direct", reader);
  const isReply = message.channel_id === place.thread && message.id !== place.thread;
  const isInThread = isReply && place.thread !== place.channel;
  return addressedOf(message, isInThread ? "thread" : "channel", reader);
}

interface Read {
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly complete: boolean;
}

async function readBack(
  api: Api,
  { thread: channel }: DiscordPlace,
  { most, signal }: { most: number; signal: AbortSignal },
): Promise<Read> {
  const messages: Message[] = [];
  let pages = 0;
  for await (const page of pagesBack(api, { channel, signal })) {
    messages.push(...page);
    if (++pages === most && page.length > 0) {
      return { messages: messages.toReversed(), complete: page.length < 100 };
    }
  }
  return { messages: messages.toReversed(), complete: true };
}

/** The message that the thread was opened on, with its reply chain. Forum posts, direct channels and channels have none. */
async function before(
  { messages, complete }: Read,
  place: DiscordPlace,
  { api, signal, starters }: HistoryOptions,
): Promise<Read> {
  const [oldest] = messages;
  const hangs = place.thread !== place.channel && oldest?.id !== place.thread;
  if (!hangs) return { messages: [], complete: true };
  const moved = await starters.of(place.thread);
  return readStarter(api, place, { oldest: complete ? oldest : undefined, signal, moved });
}

/** Removes duplicates, for reply chains that lead back into the thread. */
const unique = (messages: readonly Message[]): readonly Message[] => [
  ...new Map(messages.map((message) => [message.id, message])).values(),
];
