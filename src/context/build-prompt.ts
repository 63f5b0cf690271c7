import type { BackendRequest, PromptMessage } from "../backends/backend.ts";
import type { Calibration } from "./calibration.ts";
import type { Steps } from "../slices.ts";
import { estimateHead, estimateText } from "./estimate.ts";
import type { FenceTag } from "./fence.ts";
import { fitTexts } from "./fit-texts.ts";
import { fittingThread, type Summary, tokensOf } from "./fit-thread.ts";
import type { Omission } from "./omission.ts";
import { rendered, type RenderedMessage, type RenderedThread } from "./render-thread.ts";

/** The model that reads the prompt, and its capacity. */
export interface Reader {
  /** The key of the model and its server in the calibration. */
  readonly model: string;
  /** The model's context window, tokens. */
  readonly contextWindow: number;
  /** Tokens reserved for the reply. */
  readonly reserved: number;
  readonly calibration: Calibration;
}

/** Material that follows the request. */
export interface Material {
  readonly tag: FenceTag;
  /** Formatted by `attribute`. */
  readonly attributes: string;
  readonly text: string;
}

export interface PromptSource {
  readonly reader: Reader;
  /** The common prefix of all prompts of an agent: sections, most stable first, and tools. */
  readonly head: Pick<BackendRequest, "system" | "tools">;
  readonly thread: RenderedThread;
  /** Messages added after the request. */
  readonly steering: readonly { readonly author: string; readonly text: string }[];
  readonly material: readonly Material[];
  /** The instruction at the end of the prompt. */
  readonly task: string;
  readonly summary?: Summary | undefined;
}

export interface Prompt {
  readonly system: readonly string[];
  readonly tools: BackendRequest["tools"];
  readonly messages: readonly PromptMessage[];
  /** Calibrated. */
  readonly tokens: number;
  /** The estimate before calibration, for learning. */
  readonly estimated: number;
  readonly omission: Omission;
}

// Headroom for estimation errors and tokens that providers add.
const HEADROOM = 0.8;
const LEAST_INPUT = 1000;
const REQUEST_SHARE = 0.5;
const MATERIAL_SHARE = 0.8;
/** Reserved for answers under review, even before there are any, so that reviews and answers cut the history at the same place. */
const TAIL_SHARE = 0.25;
const STEERING_SHARE = 0.4;

/**
 * Builds the prompt of one move, most stable parts first: system sections, history, request, added messages, material under review, task. Fits
 * the reader's window: drops history first, then the middle of long texts, and always keeps the request and the thread's root. Pure, and
 * linear in the size of the thread.
 */
export function* buildingPrompt(source: PromptSource): Steps<Prompt> {
  const { reader, head, thread } = source;
  const factor = reader.calibration.factor(reader.model);
  const room = inputRoom(reader) / factor;
  const headTokens = estimateHead(head);
  const free = Math.max(room - headTokens, room / 4);

  const request = thread.cut(thread.request, { tokens: requestRoom(free, thread) });
  const after = layTail(source, (free - request.tokens) * MATERIAL_SHARE);
  const reserve = Math.max(after.tokens, free * TAIL_SHARE);
  const history = yield* fittingThread(thread, {
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
      cut: history.cut + after.cut + (request.lost?.texts ?? 0),
      files: thread.filesLeftOut + history.files + (request.lost?.files ?? 0),
      incomplete: !thread.conversation.complete,
    },
  };
}

/** In a short thread, the request gets what the history does not need. The same in all moves. */
const requestRoom = (free: number, thread: RenderedThread): number =>
  Math.floor(Math.max(free * REQUEST_SHARE, free * (1 - TAIL_SHARE) - thread.tokens));

const inputRoom = (reader: Reader): number =>
  Math.max(
    LEAST_INPUT,
    Math.min(reader.contextWindow * HEADROOM - reader.reserved, overflowLimit(reader)),
  );

/** Depends on nothing that changes between turns. */
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

/** The parts after the request. Their texts share the tokens that the task leaves; long ones are cut in the middle. */
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
