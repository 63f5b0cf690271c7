import type { BackendRequest, PromptMessage } from "../backends/backend.ts";
import type { Calibration } from "./calibration.ts";
import { estimateHead, estimateText } from "./estimate.ts";
import type { FenceTag } from "./fence.ts";
import { fitTexts } from "./fit-texts.ts";
import { fitThread, type Summary, tokensOf } from "./fit-thread.ts";
import type { Omission } from "./omission.ts";
import { rendered, type RenderedMessage, type RenderedThread } from "./render-thread.ts";

/** Who reads the prompt, and how much of it can be read. */
export interface Reader {
  /** Names the model for the calibration. */
  readonly model: string;
  /** Tokens the model takes, in and out. */
  readonly contextWindow: number;
  /** Tokens kept free for what it writes. */
  readonly reserved: number;
  readonly calibration: Calibration;
}

/** What is put to the agent after the request. */
export interface Material {
  readonly tag: FenceTag;
  /** As `attribute` writes them. */
  readonly attributes: string;
  readonly text: string;
}

export interface PromptSource {
  readonly reader: Reader;
  /** Sections, most stable first, and the tools: the part all prompts of an agent begin with. */
  readonly head: Pick<BackendRequest, "system" | "tools">;
  readonly thread: RenderedThread;
  /** Messages added after the request. */
  readonly steering: readonly { readonly author: string; readonly text: string }[];
  readonly material: readonly Material[];
  /** What to do now. */
  readonly task: string;
  readonly summary?: Summary | undefined;
}

export interface Prompt {
  readonly system: readonly string[];
  readonly tools: BackendRequest["tools"];
  readonly messages: readonly PromptMessage[];
  /** Calibrated. */
  readonly tokens: number;
  /** Before calibration, to learn from. */
  readonly estimated: number;
  readonly omission: Omission;
}

// The estimate may be wrong by as much, and providers add words of their own.
const HEADROOM = 0.8;
const LEAST_INPUT = 1000;
const REQUEST_SHARE = 0.5;
const MATERIAL_SHARE = 0.8;
/** Kept free of history even before there are answers to review, so that reviews cut the history where answers did. */
const TAIL_SHARE = 0.25;
const STEERING_SHARE = 0.4;

/**
 * Lays out the prompt of one move, most stable first: system sections, the thread's history, the request, then what was added to it, the
 * material under review and the task. Never larger than the reader's window allows: over budget, the request and the thread's root stay,
 * history gives way first, then the middle of long texts. Pure, and linear in the size of the thread.
 */
export function buildPrompt(source: PromptSource): Prompt {
  const { reader, head, thread } = source;
  const factor = reader.calibration.factor(reader.model);
  const room = inputRoom(reader) / factor;
  const headTokens = estimateHead(head);
  const free = Math.max(room - headTokens, room / 4);

  const request = thread.cut(thread.request, Math.floor(free * REQUEST_SHARE));
  const after = layTail(source, (free - request.tokens) * MATERIAL_SHARE);
  const reserve = Math.max(after.tokens, free * TAIL_SHARE);
  const history = fitThread(thread, {
    tokens: free - request.tokens - reserve,
    frame: frameOf(reader),
    summary: source.summary,
  });

  const laid = [...history.messages, request, ...after.messages];
  const estimated = headTokens + tokensOf(laid);
  return {
    ...head,
    messages: [
      ...markLast(history.messages.map(({ message }) => message)),
      { ...request.message, cache: true },
      ...after.messages.map(({ message }) => message),
    ],
    tokens: Math.ceil(estimated * factor),
    estimated,
    omission: {
      messages: history.omitted,
      summarised: history.summarised,
      cut: history.cut + after.cut + (request === thread.request ? 0 : 1),
      files: thread.filesLeftOut,
      incomplete: !thread.conversation.complete,
    },
  };
}

const inputRoom = (reader: Reader): number =>
  Math.max(
    LEAST_INPUT,
    Math.min(reader.contextWindow * HEADROOM - reader.reserved, overflowLimit(reader)),
  );

/** Does not depend on anything that changes from turn to turn. */
const frameOf = (reader: Reader): number =>
  Math.min(reader.contextWindow * HEADROOM, overflowLimit(reader));

const overflowLimit = (reader: Reader): number => reader.calibration.limit(reader.model);

function markLast(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  return messages.map((message, i) =>
    i === messages.length - 1 ? { ...message, cache: true } : message,
  );
}

interface Tail {
  readonly messages: readonly RenderedMessage[];
  readonly tokens: number;
  readonly cut: number;
}

/** What stands after the request. Its texts share the room that the task leaves; the long ones lose their middle. */
function layTail(source: PromptSource, room: number): Tail {
  const { fence, said } = source.thread.fences;
  const left = room - estimateText(source.task);
  const steering = fitTexts(source.steering, left * STEERING_SHARE);
  const added = steering.map(({ author, text }) =>
    rendered("user", [{ type: "text", text: said(author, text) }]),
  );
  const material = fitTexts(source.material, left - tokensOf(added));
  const shown = material.map(({ tag, text, attributes }) => fence(tag, text, attributes));
  const text = [...shown, source.task].join("\n\n");
  const messages = [...added, rendered("user", [{ type: "text", text }])];
  const whole = new Set<unknown>([...source.steering, ...source.material]);
  return {
    messages,
    tokens: tokensOf(messages),
    cut: [...steering, ...material].filter((item) => !whole.has(item)).length,
  };
}
