import type { BackendEvent, TokenUsage } from "../backend.ts";
import { type Chunk, readChunk, type Usage } from "./chunk.ts";
import { type CallTarget, emptyReply } from "../provider-failure.ts";
import { END } from "../read-reply.ts";
import { type CallCollector, createCallCollector } from "../reply/call-collector.ts";
import { endReply } from "../reply/ending.ts";
import { createGrowingText, type GrowingText } from "../reply/growing-text.ts";
import { orAlive, type ReplyReader, shown } from "../reply/reply-reader.ts";

interface Reading {
  readonly text: GrowingText;
  readonly thinking: GrowingText;
  readonly calls: CallCollector;
  /** The calls that came, for servers that repeat them in each chunk. */
  readonly made: Set<string>;
  usage: Usage | null;
  /** "" until the server says it. */
  finish: string;
  /** Gemini's reason for blocking the prompt or the answer. */
  why: string;
  isMarked: boolean;
}

/** FinishReason of @google/genai. All others mean a truncated answer. */
const FINISH: Readonly<Record<string, "stop" | "length" | "refusal">> = {
  BLOCKLIST: "refusal",
  CONTINUATION: "length",
  FINISH_REASON_UNSPECIFIED: "stop",
  FUNCTION_CALL: "stop",
  IMAGE_PROHIBITED_CONTENT: "refusal",
  IMAGE_SAFETY: "refusal",
  MAX_TOKENS: "length",
  PROHIBITED_CONTENT: "refusal",
  RECITATION: "refusal",
  SAFETY: "refusal",
  SPII: "refusal",
  STOP: "stop",
};

/** Converts the chunks of `streamGenerateContent`, or a whole reply, to events. */
export function createGeminiReader(target: CallTarget): ReplyReader {
  const reading: Reading = {
    text: createGrowingText(),
    thinking: createGrowingText(),
    calls: createCallCollector(),
    made: new Set(),
    usage: null,
    finish: "",
    why: "",
    isMarked: false,
  };
  return {
    take(sent) {
      reading.isMarked ||= sent.event === END;
      return orAlive(take(readChunk(sent.value), reading));
    },
    isOver: () => false,
    *end() {
      yield* shown("thinking", reading.thinking.flush());
      yield* shown("text", reading.text.flush());
      yield* end(reading, target);
    },
  };
}

function take(chunk: Chunk, reading: Reading): readonly BackendEvent[] {
  const counted = countUp(chunk, reading);
  if (chunk.finish !== "") Object.assign(reading, { finish: chunk.finish, why: chunk.why });
  const events = chunk.parts.flatMap((part): readonly BackendEvent[] => {
    if (part.isThought) return shown("thinking", reading.thinking.add(part.text));
    if (part.call) return takeCall(part.call, reading);
    if (chunk.finish !== "" && repeats(part.text, reading.text.all)) return [];
    return shown("text", reading.text.add(part.text));
  });
  return [...(counted ? [{ type: "alive", usage: counted } as const] : []), ...events];
}

/** Some gateways send the whole text once more at the end. */
const repeats = (text: string, all: string): boolean => text.length >= 8 && text === all;

function takeCall(
  call: NonNullable<Chunk["parts"][number]["call"]>,
  { calls, made }: Reading,
): readonly BackendEvent[] {
  const key = `${call.id} ${call.name} ${call.arguments}`;
  if (made.has(key)) return [];
  made.add(key);
  calls.add({ ...call, index: key });
  return [{ type: "alive", written: call.arguments }];
}

/** The usage so far, if the chunk reports more than its text shows: the prompt, the cache, hidden thoughts. */
function countUp({ usage: more }: Chunk, reading: Reading): TokenUsage | null {
  const before = reading.usage;
  // Counts in each chunk are cumulative.
  if (more) reading.usage = { ...reading.usage, ...more };
  const { usage } = reading;
  const isNews = usage !== null && UNSEEN.some((key) => usage[key] !== before?.[key]);
  return isNews ? usageOf(usage) : null;
}

const UNSEEN = ["promptTokenCount", "cachedContentTokenCount", "thoughtsTokenCount"] as const;

function end(reading: Reading, target: CallTarget): readonly BackendEvent[] {
  const { finish, why, text, calls, usage, isMarked } = reading;
  const known = finish === "" ? null : (FINISH[finish] ?? "length");
  const hasContent = text.all !== "" || calls.has;
  const error = hasContent || !known ? null : emptyReply(known, why || finish, target);
  if (error) throw error;
  const ending = { isMarked, said: text.all, calls, usage: usage && usageOf(usage) };
  return endReply({ ...ending, finish: known, declinedBy: "filter" }, target);
}

/** `promptTokenCount` includes the cache, but not tool results. Thoughts are reported separately from the answer. */
const usageOf = (usage: Usage): TokenUsage => ({
  input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
  cached: usage.cachedContentTokenCount ?? 0,
  cacheWritten: 0,
  output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
});
