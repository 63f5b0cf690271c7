import type { TurnId } from "../ids.ts";
import type { ThreadHistory, ThreadMessage } from "../platform.ts";
import {
  type FinalPart,
  finalPart,
  finalText,
  type FindOriginals,
  type OriginalAnswer,
} from "./final-answer.ts";
import type { Conversation, ConversationMessage } from "./message.ts";
import { createNames } from "./names.ts";
import { createPause } from "../slices.ts";

export interface ConversationSource {
  /** From `readHistory`. */
  readonly history: ThreadHistory;
  /** The message that the turn answers. The history's version of it wins, because people see that one. */
  readonly request: ThreadMessage;
  /** Further messages that belong to the request. Default: none. */
  readonly fragments?: readonly ThreadMessage[];
  readonly originals: FindOriginals;
  /** A message's text without a command prefix; undefined for commands that are not part of the conversation. */
  readonly conversationText: (text: string) => string | undefined;
  /** See `Conversation`. */
  readonly fenceCode: string;
  readonly signal: AbortSignal;
}

/**
 * Turns a thread into a conversation: people and other bots by display name, Parley's final answers joined, without statuses, notes and
 * commands. Leaves out people's messages after the request, which belong to later turns, but keeps answers posted after it. Lets the event
 * loop run in between. Rejects only with the signal's reason.
 */
export async function readConversation(source: ConversationSource): Promise<Conversation> {
  const messages = source.history.messages.toSorted((a, b) => a.at - b.at);
  const answers = await finalAnswers(messages, source);
  const name = createNames();
  const asked = messages.findIndex((message) => message.id === source.request.id);
  const request = messages[asked] ?? source.request;
  const parts = partsOf(source, messages, request);
  const ids = new Set(parts.map(({ id }) => id));
  const earlier = messages.filter(
    (message, i) =>
      !ids.has(message.id) && (isOwn(message) || isBefore(message, i, request, asked)),
  );
  const history: ConversationMessage[] = [];
  const pause = createPause();
  for (const message of earlier) {
    if (pause.isDue()) await pause.take();
    const shown = isOwn(message)
      ? [answers.get(message.id) ?? []].flat()
      : said(message, name, source.conversationText);
    history.push(...shown);
  }
  source.signal.throwIfAborted();
  return {
    history,
    request: asking(request, parts, name(request.author), source.conversationText),
    complete: source.history.complete,
    fenceCode: source.fenceCode,
  };
}

const isOwn = (message: ThreadMessage): boolean => message.author.kind === "self";

const isBefore = (message: ThreadMessage, i: number, request: ThreadMessage, asked: number) =>
  asked === -1 ? message.at <= request.at : i < asked;

function said(
  message: ThreadMessage,
  name: ReturnType<typeof createNames>,
  conversationText: ConversationSource["conversationText"],
): ConversationMessage[] {
  const text = conversationText(message.text);
  if (text === undefined || (text.trim() === "" && message.files.length === 0)) return [];
  return [userMessage(message, name(message.author), text)];
}

/** All messages of the request, oldest first, as the thread shows them now. */
const partsOf = (
  { fragments = [] }: ConversationSource,
  messages: readonly ThreadMessage[],
  request: ThreadMessage,
): readonly ThreadMessage[] => {
  const shown = (part: ThreadMessage) => messages.find(({ id }) => id === part.id) ?? part;
  return [request, ...fragments.map(shown)].toSorted((a, b) => a.at - b.at);
};

const asking = (
  { id }: ThreadMessage,
  parts: readonly ThreadMessage[],
  author: string,
  conversationText: ConversationSource["conversationText"],
): ConversationMessage => {
  const texts = parts.map(({ text }) => conversationText(text) ?? text);
  const files = parts.flatMap((part) => part.files);
  const text = texts.filter((one) => one.trim() !== "").join("\n\n");
  return userMessage({ id, files }, author, text);
};

const userMessage = (
  { id, files }: Pick<ThreadMessage, "id" | "files">,
  author: string,
  text: string,
) => ({ id, role: "user", author, text, files }) as const;

/** Parley's final answers by the id of their first message. Its other messages are not answers. */
async function finalAnswers(
  messages: readonly ThreadMessage[],
  source: ConversationSource,
): Promise<ReadonlyMap<string, ConversationMessage>> {
  const byTurn = Map.groupBy(messages.flatMap(finalPart), ({ turn }) => turn);
  const originals = await findOriginals([...byTurn.keys()], source.originals);
  const reading: Promise<readonly ConversationMessage[]>[] = [];
  const pause = createPause();
  for (const [turn, parts] of byTurn) {
    if (pause.isDue()) await pause.take();
    const one = answer(parts, originals.get(turn), source.signal);
    // It may reject while others are still to begin; all of them are awaited below.
    one.catch(() => undefined);
    reading.push(one);
  }
  const answers = await Promise.all(reading);
  source.signal.throwIfAborted();
  return new Map(answers.flat().map((one) => [one.id, one]));
}

async function findOriginals(
  turns: readonly TurnId[],
  originals: FindOriginals,
): Promise<ReadonlyMap<TurnId, OriginalAnswer>> {
  try {
    return turns.length === 0 ? new Map() : await originals(turns);
  } catch {
    // The answers can be rebuilt from the platform.
    return new Map();
  }
}

/** The answer, at its first message; empty if it has no text. */
async function answer(
  parts: readonly FinalPart[],
  original: OriginalAnswer | undefined,
  signal: AbortSignal,
): Promise<readonly ConversationMessage[]> {
  const text = (await finalText(parts, original, signal)).trim();
  return (text === "" ? [] : parts.slice(0, 1)).map(({ message: { id, author } }) => {
    return { id, role: "assistant", author: author.name, text, files: [] } as const;
  });
}
