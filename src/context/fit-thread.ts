import type { ConversationMessage } from "../conversation/message.ts";
import { cutMiddle } from "./cut-middle.ts";
import type { Fences } from "./fence.ts";
import { rendered, type RenderedMessage, type RenderedThread } from "./render-thread.ts";

/** Looks up a stored summary of these messages, the oldest part of a thread; undefined: there is none. The content is its key. */
export type Summary = (older: readonly ConversationMessage[]) => string | undefined;

export interface Room {
  /** Estimated tokens, before calibration, that the history may take. */
  readonly tokens: number;
  /** What the model takes at all; the steps of the cut are derived from it, because it does not change from turn to turn. */
  readonly frame: number;
  readonly summary?: Summary | undefined;
}

export interface FittedThread {
  readonly messages: readonly RenderedMessage[];
  /** How many messages of the thread are not among them. */
  readonly omitted: number;
  readonly summarised: number;
  /** How many of them have lost their middle. */
  readonly cut: number;
}

const LEAST_BLOCK = 64;
const MARKER_TOKENS = 48;

/**
 * Makes a thread's history fit. In this order: long pastes lose their middle; then the oldest messages go, except the thread's root, and
 * a summary or a note stands for them. The place where the kept part begins moves by whole blocks counted from the thread's start, so that
 * a growing thread keeps its beginning, byte by byte, for many turns.
 */
export function fitThread(thread: RenderedThread, room: Room): FittedThread {
  const notes = openingNotes(thread);
  const left = room.tokens - tokensOf(notes);
  if (thread.tokens <= left) {
    return { messages: [...notes, ...thread.history], omitted: 0, summarised: 0, cut: 0 };
  }
  const most = powerOfTwo(room.frame / 16);
  const history = thread.history.map((message) => thread.cut(message, most));
  const fitted =
    tokensOf(history) <= left
      ? { messages: history, omitted: 0, summarised: 0 }
      : dropOldest(thread, history, { ...room, tokens: left });
  const whole = new Set(thread.history);
  const cut = fitted.messages.filter((m) => !whole.has(m)).length - (fitted.omitted > 0 ? 1 : 0);
  return { ...fitted, messages: [...notes, ...fitted.messages], cut };
}

function dropOldest(
  thread: RenderedThread,
  [first, ...rest]: readonly RenderedMessage[],
  room: Room,
): Omit<FittedThread, "cut"> {
  const root = first ? [thread.cut(first, Math.max(LEAST_BLOCK, powerOfTwo(room.tokens / 4)))] : [];
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

/** The first message to keep: the earliest one that begins a block and from which on all fits. */
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
    !complete && "The platform did not give the whole thread: messages may be missing.",
    // Providers want a prompt to begin with a user's message.
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

/** Rounded down to a power of two, so that small changes of the room move nothing. */
const powerOfTwo = (tokens: number): number =>
  2 ** Math.floor(Math.log2(Math.max(LEAST_BLOCK, tokens)));
