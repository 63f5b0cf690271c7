import { z } from "zod";
import type { BackendEvent, TokenUsage } from "../backend.ts";
import { openAIRefusal } from "../openai-sdk/failure.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import { readReply } from "../read-reply.ts";

const count = z.number().nullish();

const Usage = z.object({
  input_tokens: z.number(),
  input_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish(),
  output_tokens: z.number(),
});

const Ended = z.object({
  usage: Usage.nullish().catch(null),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string() }).nullish(),
});

const output_index = z.number().catch(0);

/** The relevant events. All others, including new types, only show that the connection is alive. */
const StreamEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("response.output_item.added"),
    output_index,
    item: z.object({ type: z.string(), phase: z.string().nullish() }),
  }),
  z.object({ type: z.literal("response.output_text.delta"), output_index, delta: z.string() }),
  z.object({ type: z.literal("response.refusal.delta"), delta: z.string() }),
  z.object({
    type: z.literal(["response.reasoning_summary_text.delta", "response.reasoning_text.delta"]),
    delta: z.string(),
  }),
  z.object({ type: z.literal("response.function_call_arguments.delta"), delta: z.string() }),
  z.object({
    type: z.literal("response.output_item.done"),
    item: z.object({
      type: z.literal("function_call"),
      name: z.string(),
      arguments: z.string(),
    }),
  }),
  z.object({
    type: z.literal(["response.completed", "response.incomplete", "response.failed"]),
    response: Ended,
  }),
]);
type StreamEvent = z.infer<typeof StreamEvent>;

/** The reply so far. */
interface Progress {
  said: boolean;
  called: boolean;
  refused: boolean;
  /** Output items with commentary, which are not the answer. */
  readonly commentary: Set<number>;
}

/** Converts a Responses stream to events. Throws a `BackendError` if it fails or is truncated. */
export async function* readOpenAIStream(
  response: Response,
  target: CallTarget,
): AsyncGenerator<BackendEvent> {
  const progress: Progress = { said: false, called: false, refused: false, commentary: new Set() };
  for await (const batch of readReply(response, target)) {
    for (const sent of batch) {
      const event = StreamEvent.safeParse(sent.value).data;
      const shown: BackendEvent = event ? show(event, progress, target) : { type: "alive" };
      yield shown;
      if (shown.type === "done") return;
    }
  }
  throw incompleteReply(target, "the stream ended before the response was complete");
}

function show(event: StreamEvent, progress: Progress, target: CallTarget): BackendEvent {
  if ("response" in event) return end(event, progress, target);
  if ("delta" in event) return showDelta(event, progress);
  if (event.type === "response.output_item.done") {
    progress.called = true;
    return { type: "tool_call", name: event.item.name, arguments: event.item.arguments };
  }
  if (event.item.phase === "commentary") progress.commentary.add(event.output_index);
  return { type: "alive" };
}

type DeltaEvent = Extract<StreamEvent, { delta: unknown }>;

function showDelta(event: DeltaEvent, progress: Progress): BackendEvent {
  if (event.type === "response.function_call_arguments.delta") {
    return { type: "alive", written: event.delta };
  }
  if (event.type === "response.refusal.delta") progress.refused = true;
  else if (event.type !== "response.output_text.delta" || isCommentary(event, progress)) {
    return { type: "thinking", text: event.delta };
  }
  progress.said = true;
  return { type: "text", text: event.delta };
}

const isCommentary = ({ output_index: at }: { output_index: number }, progress: Progress) =>
  progress.commentary.has(at);

type EndEvent = Extract<StreamEvent, { response: unknown }>;

function end({ type, response }: EndEvent, progress: Progress, target: CallTarget): BackendEvent {
  const usage = usageOf(response.usage);
  if (type === "response.failed") {
    const { code, message } = response.error ?? { message: "the response failed" };
    throw openAIRefusal({ code, words: message }, target);
  }
  if (type === "response.completed") return { type: "done", finish: finishOf(progress), usage };
  const reason = response.incomplete_details?.reason ?? "no reason given";
  if (reason === "content_filter") return { type: "done", finish: "refusal", usage };
  if (progress.said || progress.called) return { type: "done", finish: "length", usage };
  throw incompleteReply(target, `nothing came before its end (${reason})`);
}

function finishOf({ refused, called }: Progress): "refusal" | "tool" | "stop" {
  if (refused) return "refusal";
  return called ? "tool" : "stop";
}

const usageOf = (usage: z.infer<typeof Usage> | null | undefined): TokenUsage | null =>
  usage
    ? {
        input: usage.input_tokens,
        cached: usage.input_tokens_details?.cached_tokens ?? 0,
        cacheWritten: usage.input_tokens_details?.cache_write_tokens ?? 0,
        output: usage.output_tokens,
      }
    : null;
