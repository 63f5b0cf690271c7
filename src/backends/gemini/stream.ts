import { z } from "zod";
import type { BackendEvent, TokenUsage } from "../backend.ts";
import { type CallTarget, emptyReply, incompleteReply } from "../provider-failure.ts";
import { readReply } from "../read-reply.ts";

const count = z.number().nullish();
const Usage = z.object({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
});
type Usage = z.infer<typeof Usage>;

const Part = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  functionCall: z.object({ name: z.string(), args: z.unknown() }).nullish().catch(null),
});

const Chunk = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(Part).nullish() }).nullish(),
        finishReason: z.string().nullish(),
        finishMessage: z.string().nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z
    .object({ blockReason: z.string().nullish(), blockReasonMessage: z.string().nullish() })
    .nullish(),
  usageMetadata: Usage.nullish(),
});
type Chunk = z.infer<typeof Chunk>;

interface Reading {
  usage: Usage | null;
  /** True after any text or call. */
  came: boolean;
  called: boolean;
  finish: string | null;
  /** Gemini's reason for blocking the prompt or the answer. */
  why: string | null;
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

/** Reads all chunks of `streamGenerateContent`. Throws `BackendError`, or the SDK's error. */
export async function* readGeminiStream(
  response: Response,
  target: CallTarget,
): AsyncGenerator<BackendEvent> {
  const reading: Reading = { usage: null, came: false, called: false, finish: null, why: null };
  for await (const batch of readReply(response, target)) {
    for (const sent of batch) {
      const chunk = Chunk.safeParse(sent.value).data ?? {};
      const counted = countUp(chunk, reading);
      note(chunk, reading);
      if (counted) yield { type: "alive", usage: counted };
      const events = eventsOf(chunk, reading);
      if (events.length === 0 && !counted) yield { type: "alive" };
      for (const event of events) yield event;
    }
  }
  yield end(reading, target);
}

/** The usage so far, if the chunk reports more than its text shows: the prompt, the cache, hidden thoughts. */
function countUp({ usageMetadata }: Chunk, reading: Reading): TokenUsage | null {
  const before = reading.usage;
  // Counts in each chunk are cumulative.
  if (usageMetadata) reading.usage = { ...reading.usage, ...usageMetadata };
  const { usage } = reading;
  const isNews = usage !== null && UNSEEN.some((key) => usage[key] !== before?.[key]);
  return isNews ? usageOf(usage) : null;
}

const UNSEEN = ["promptTokenCount", "cachedContentTokenCount", "thoughtsTokenCount"] as const;

function note({ promptFeedback, candidates }: Chunk, reading: Reading): void {
  if (promptFeedback?.blockReason) {
    reading.finish = "SAFETY";
    reading.why = promptFeedback.blockReasonMessage ?? promptFeedback.blockReason;
  }
  const candidate = candidates?.[0];
  if (candidate?.finishReason) {
    reading.finish = candidate.finishReason;
    reading.why = candidate.finishMessage ?? candidate.finishReason;
  }
}

function eventsOf({ candidates }: Chunk, reading: Reading): BackendEvent[] {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.flatMap(({ text, thought, functionCall }): BackendEvent[] => {
    if (thought === true) return text ? [{ type: "thinking", text }] : [];
    if (text) {
      reading.came = true;
      return [{ type: "text", text }];
    }
    if (!functionCall) return [];
    reading.came = true;
    reading.called = true;
    const { name, args } = functionCall;
    return [{ type: "tool_call", name, arguments: JSON.stringify(args ?? {}) }];
  });
}

function end({ finish, why, came, called, usage }: Reading, target: CallTarget): BackendEvent {
  if (finish === null) throw incompleteReply(target, "the stream ended before the answer did");
  const known = FINISH[finish] ?? "length";
  const error = came ? null : emptyReply(known, why ?? finish, target);
  if (error) throw error;
  const stopped = known === "stop" && called ? "tool" : known;
  return { type: "done", finish: stopped, usage: usage && usageOf(usage) };
}

/** `promptTokenCount` includes the cache, but not tool results. Thoughts are reported separately from the answer. */
const usageOf = (usage: Usage): TokenUsage => ({
  input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
  cached: usage.cachedContentTokenCount ?? 0,
  cacheWritten: 0,
  output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
});
