import type { Part, PromptMessage } from "../backends/backend.ts";
import type { Conversation, ConversationMessage } from "../conversation/message.ts";
import type { AttachedFile } from "../platform.ts";
import { finish, type Steps } from "../slices.ts";
import { estimateMessage, estimatePart } from "./estimate.ts";
import { attribute, createFences, type Fences, plainText } from "./fence.ts";
import type { ShownFiles } from "./files.ts";
import { fitTexts } from "./fit-texts.ts";

/** A prompt message with its size. */
export interface RenderedMessage {
  readonly message: PromptMessage;
  /** Estimated, before calibration. */
  readonly tokens: number;
  /** What a cut took; absent for a whole message. */
  readonly lost?: { readonly texts: number; readonly files: number };
}

/** Estimated tokens for a message. */
export interface CutRoom {
  readonly tokens: number;
  /** For files, in addition. Default: what texts leave of `tokens`, and at least half of them. */
  readonly files?: number;
}

/** A thread rendered for prompts, once for all agents and moves of a turn. */
export interface RenderedThread {
  readonly conversation: Conversation;
  readonly fences: Fences;
  /** One per message of the conversation's history. */
  readonly history: readonly RenderedMessage[];
  /** The request, rendered as it will appear in later history, so that the prompts of the next turn repeat it exactly. */
  readonly request: RenderedMessage;
  /** The size of the whole history. */
  readonly tokens: number;
  /** Files of the request that are not shown. */
  readonly filesLeftOut: number;
  /** The message within `room`: with the newest files that fit, and texts cut in the middle. */
  cut(message: RenderedMessage, room: CutRoom): RenderedMessage;
  /** Every message of the history within `tokens`, the newest files that fit into `files` in total. */
  cuttingHistory(room: Required<CutRoom>): Steps<readonly RenderedMessage[]>;
}

export function* renderingThread(
  conversation: Conversation,
  files: ShownFiles,
): Steps<RenderedThread> {
  const fences = createFences(conversation.fenceCode);
  const history: RenderedMessage[] = [];
  for (const message of conversation.history) {
    history.push(render(message, files, fences));
    yield;
  }
  const cut = createCutter();
  return {
    conversation,
    fences,
    history,
    request: render(conversation.request, files, fences),
    tokens: history.reduce((sum, { tokens }) => sum + tokens, 0),
    filesLeftOut: conversation.request.files.filter((file) => !files.get(file)?.part).length,
    cut,
    cuttingHistory: createHistoryCutter(history, cut),
  };
}

/** The same at once, for short threads. */
export const renderThread = (conversation: Conversation, files: ShownFiles): RenderedThread =>
  finish(renderingThread(conversation, files));

/** A message to a model with its size. */
export function rendered(role: PromptMessage["role"], parts: readonly Part[]): RenderedMessage {
  const message = { role, parts };
  return { message, tokens: estimateMessage(message) };
}

function render(
  message: ConversationMessage,
  files: ShownFiles,
  { said }: Fences,
): RenderedMessage {
  if (message.role === "assistant") {
    return rendered("assistant", [{ type: "text", text: plainText(message.text) }]);
  }
  const shown = message.files.flatMap((file) => files.get(file)?.part ?? []);
  const notes = message.files.map((file) => fileNote(file, files));
  const words = message.text.trim() === "" ? "(no text)" : message.text;
  const text = said(message.author, [words, ...notes].join("\n"));
  return rendered("user", [{ type: "text", text }, ...shown]);
}

function fileNote(file: AttachedFile, files: ShownFiles): string {
  const why = files.get(file)?.why;
  const name = attribute("file", file.name).trim();
  return why === undefined ? `[${name}]` : `[${name} is not shown: ${why}]`;
}

/** Memoizes cuts, because agents with equal budgets share them. */
function createCutter(): RenderedThread["cut"] {
  const cuts = new WeakMap<RenderedMessage, Map<string, RenderedMessage>>();
  return (message, room) => {
    const files = tokensOfFiles(message);
    const fits =
      room.files === undefined
        ? message.tokens <= room.tokens
        : files <= room.files && message.tokens - files <= room.tokens;
    if (fits) return message;
    const key = JSON.stringify(files === 0 ? { tokens: room.tokens } : room);
    const known = cuts.get(message) ?? new Map<string, RenderedMessage>();
    cuts.set(message, known);
    const cut = known.get(key) ?? cutMessage(message, room);
    known.set(key, cut);
    return cut;
  };
}

/** Memoizes cut histories, because the agents of one window share them. */
function createHistoryCutter(
  history: readonly RenderedMessage[],
  cut: RenderedThread["cut"],
): RenderedThread["cuttingHistory"] {
  const known = new Map<string, readonly RenderedMessage[]>();
  const allFiles = history.reduce((sum, message) => sum + tokensOfFiles(message), 0);
  return function* cutting(room) {
    // More room than all files need makes no difference.
    let files = Math.min(room.files, allFiles);
    const key = `${room.tokens} ${files}`;
    const before = known.get(key);
    if (before) return before;
    const newestFirst: RenderedMessage[] = [];
    for (const message of history.toReversed()) {
      const shorter = cut(message, { tokens: room.tokens, files });
      files -= tokensOfFiles(shorter);
      newestFirst.push(shorter);
      yield;
    }
    const all = newestFirst.toReversed();
    known.set(key, all);
    return all;
  };
}

/** Estimated tokens of a message's files. */
const tokensOfFiles = ({ message }: RenderedMessage): number =>
  message.parts.reduce((sum, part) => sum + (part.type === "file" ? estimatePart(part) : 0), 0);

// Covers the fence and the author's or file's name.
const LEAST_TEXT = 128;

function cutMessage(whole: RenderedMessage, room: CutRoom): RenderedMessage {
  const { parts, role } = whole.message;
  const words = whole.tokens - tokensOfFiles(whole);
  // Text is more important than a file that would use most of the budget.
  const forFiles = room.files ?? room.tokens - Math.min(words, room.tokens / 2);
  const kept = newestWithin(parts, forFiles);
  const taken = room.files === undefined ? sumOf(kept) : 0;
  const texts = parts.filter((part) => part.type === "text");
  const fitted = fitTexts(texts, room.tokens - taken, LEAST_TEXT);
  const shorter = new Map<Part, Part>(texts.map((text, i) => [text, fitted[i] ?? text]));
  const shown = parts.map((part) => {
    if (part.type === "text") return shorter.get(part) ?? part;
    return kept.has(part) ? part : leftOut(part);
  });
  return {
    ...rendered(role, shown),
    lost: {
      texts: fitted.some((text, i) => text !== texts[i]) ? 1 : 0,
      files: parts.filter((part) => part.type === "file" && !kept.has(part)).length,
    },
  };
}

/** The last files that fit. */
function newestWithin(parts: readonly Part[], room: number): ReadonlySet<Part> {
  const kept = new Set<Part>();
  let left = room;
  for (const part of parts.toReversed()) {
    const tokens = part.type === "file" ? estimatePart(part) : Infinity;
    if (tokens > left) continue;
    kept.add(part);
    left -= tokens;
  }
  return kept;
}

const sumOf = (parts: ReadonlySet<Part>): number =>
  [...parts].reduce((sum, part) => sum + estimatePart(part), 0);

const leftOut = (file: { readonly name: string }): Part => ({
  type: "text",
  text: `[${attribute("file", file.name).trim()} is left out here for lack of room]`,
});
