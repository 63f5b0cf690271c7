import type { Part, PromptMessage } from "../backends/backend.ts";
import type { Conversation, ConversationMessage } from "../conversation/message.ts";
import type { AttachedFile } from "../platform.ts";
import { finish, type Steps } from "../slices.ts";
import { estimateMessage } from "./estimate.ts";
import { attribute, createFences, type Fences, plainText } from "./fence.ts";
import type { ShownFiles } from "./files.ts";
import { fitTexts } from "./fit-texts.ts";

/** A prompt message with its size. */
export interface RenderedMessage {
  readonly message: PromptMessage;
  /** Estimated, before calibration. */
  readonly tokens: number;
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
  /** The message, with texts cut in the middle to fit `maxTokens`. */
  cut(message: RenderedMessage, maxTokens: number): RenderedMessage;
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
  return {
    conversation,
    fences,
    history,
    request: render(conversation.request, files, fences),
    tokens: history.reduce((sum, { tokens }) => sum + tokens, 0),
    filesLeftOut: conversation.request.files.filter((file) => !files.get(file)?.part).length,
    cut: createCutter(),
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
  const cuts = new WeakMap<RenderedMessage, Map<number, RenderedMessage>>();
  return (message, maxTokens) => {
    if (message.tokens <= maxTokens) return message;
    const known = cuts.get(message) ?? new Map<number, RenderedMessage>();
    cuts.set(message, known);
    const cut = known.get(maxTokens) ?? cutMessage(message, maxTokens);
    known.set(maxTokens, cut);
    return cut;
  };
}

// Covers the fence and the author's or file's name.
const LEAST_TEXT = 128;

function cutMessage({ message }: RenderedMessage, maxTokens: number): RenderedMessage {
  const texts = message.parts.filter((part) => part.type === "text");
  const files = message.parts.filter((part) => part.type === "file");
  const fileTokens = rendered(message.role, files).tokens;
  // Text is more important than a file that would use most of the budget.
  const keepsFiles = fileTokens <= maxTokens / 2;
  const room = keepsFiles ? maxTokens - fileTokens : maxTokens;
  const rest = keepsFiles ? files : [FILE_LEFT_OUT];
  return rendered(message.role, [...fitTexts(texts, room, LEAST_TEXT), ...rest]);
}

const FILE_LEFT_OUT: Part = { type: "text", text: "[a file is left out here for lack of room]" };
