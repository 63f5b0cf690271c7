import type { ConversationMessage } from "../conversation/message.ts";
import { cutMiddle } from "./cut-middle.ts";
import type { Fences } from "./fence.ts";
import type { Steps } from "../slices.ts";
import { rendered, type RenderedMessage, type RenderedThread } from "./render-thread.ts";

/** Looks up a stored summary of a thread's oldest messages, keyed by their content; undefined if there is none. */
export type Summary = (older: readonly ConversationMessage[]) => string | undefined;

export interface Room {
  /** The token budget for the history, as estimated before calibration. */
  readonly tokens: number;
  /** The model's whole window. The block size derives from it, because it does not change between turns. */
  readonly frame: number;
  readonly summary?: Summary | undefined;
}

export interface FittedThread {
  readonly messages: readonly RenderedMessage[];
  /** The number of messages left out. */
  readonly omitted: number;
  readonly summarised: number;
  /** The number of messages cut in the middle. */
  readonly cut: number;
  /** The number of files left out of the messages that are kept. */
  readonly files: number;
}

const LEAST_BLOCK = 64;
const MARKER_TOKENS = 48;

/**
 * Fits a thread's history into its budget: first cuts the middle of long pastes, then replaces the oldest messages, except the root, with a
 * summary or a note. The start of the kept part moves in whole blocks, counted from the thread's start, so that the prompt prefix stays
 * identical for many turns.
 */
export function* fittingThread(thread: RenderedThread, room: Room): Steps<FittedThread> {
  const notes = openingNotes(thread);
  const left = room.tokens - tokensOf(notes);
  if (thread.tokens <= left) {
    return { messages: [...notes, ...thread.history], omitted: 0, summarised: 0, cut: 0, files: 0 };
  }
  const history = yield* thread.cuttingHistory({
    tokens: powerOfTwo(room.frame / 16),
    files: left * FILES_SHARE,
  });
  const fitted =
    tokensOf(history) <= left
      ? { messages: history, omitted: 0, summarised: 0 }
      : dropOldest(thread, history, { ...room, tokens: left });
  const lost = fitted.messages.map((message) => message.lost);
  return {
    ...fitted,
    messages: [...notes, ...fitted.messages],
    cut: lost.reduce((sum, one) => sum + (one?.texts ?? 0), 0),
    files: lost.reduce((sum, one) => sum + (one?.files ?? 0), 0),
  };
}

/** The share of a history's room that its files may use. */
const FILES_SHARE = 0.5;

function dropOldest(
  thread: RenderedThread,
  [first, ...rest]: readonly RenderedMessage[],
  room: Room,
): Omit<FittedThread, "cut" | "files"> {
  const root = first
    ? [thread.cut(first, { tokens: Math.max(LEAST_BLOCK, powerOfTwo(room.tokens / 4)) })]
    : [];
  const allowance = room.summary ? powerOfTwo(room.frame / 16) : MARKER_TOKENS;
  const left = room.tokens - tokensOf(root) - allowance;
  const from = firstKept(rest, left, blockOf(room));
  if (from === 0) return { messages: [...root, ...rest], omitted: 0, summarised: 0 };
  const summary = room.summary?.(thread.conversation.history.slice(1, from + 1));
  const standIn =
    summary === undefined
      ? marker(from, thread.fences)
      : summaryOf(from, cutMiddle(summary, (allowance - MARKER_TOKENS) * 4), thread.fences);
  return {
    messages: [...root, standIn, ...rest.slice(from)],
    omitted: from,
    summarised: summary === undefined ? 0 : from,
  };
}

function blockOf(room: Room): number {
  let block = powerOfTwo(room.frame / 8);
  while (block > LEAST_BLOCK && block > room.tokens / 2) block /= 2;
  return block;
}

/** The first message to keep: the earliest block start from which the rest fits. */
function firstKept(messages: readonly RenderedMessage[], room: number, block: number): number {
  const total = tokensOf(messages);
  if (total <= room) return 0;
  let before = 0;
  for (const [i, { tokens }] of messages.entries()) {
    const beginsBlock =
      Math.floor(before / block) !== Math.floor((before - (messages[i - 1]?.tokens ?? 0)) / block);
    if (beginsBlock && total - before <= room) return i;
    before += tokens;
  }
  return messages.length;
}

function openingNotes(thread: RenderedThread): readonly RenderedMessage[] {
  const { complete, history } = thread.conversation;
  const words = [
    !complete && "The platform did not return the whole thread: messages may be missing.",
    // Providers require the first message to be a user's.
    history[0]?.role === "assistant" && "The thread begins with an answer of Parley.",
  ].filter((line) => line !== false);
  return words.length === 0 ? [] : [note(thread.fences.fence("thread-note", words.join("\n")))];
}

const marker = (count: number, { fence }: Fences): RenderedMessage =>
  note(fence("thread-note", `${leftOut(count)} for lack of room.`));

const summaryOf = (count: number, text: string, { fence }: Fences): RenderedMessage => {
  return note(fence("thread-summary", `${leftOut(count)}. In short:\n${text}`));
};

const leftOut = (n: number): string =>
  n === 1
    ? "1 message of this thread is left out here"
    : `${n} messages of this thread are left out here`;

const note = (text: string): RenderedMessage => rendered("user", [{ type: "text", text }]);

export const tokensOf = (list: readonly RenderedMessage[]): number =>
  list.reduce((sum, { tokens }) => sum + tokens, 0);

/** Rounds down to a power of two, so that small budget changes have no effect. */
const powerOfTwo = (tokens: number): number =>
  2 ** Math.floor(Math.log2(Math.max(LEAST_BLOCK, tokens)));
