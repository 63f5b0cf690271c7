import { z } from "zod";
import type { BackendEvent, TokenUsage } from "../backend.ts";
import { type CallCollector, createCallCollector, ToolCallDelta } from "./calls.ts";
import { openAIRefusal } from "../openai-sdk/failure.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import { readReply, type Sent } from "../read-reply.ts";

// Servers omit fields freely, so missing or invalid ones count as empty.
const text = z.string().catch("");
const count = z.number().catch(0);

const Usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: count,
  prompt_tokens_details: z
    .object({ cached_tokens: count, cache_write_tokens: count })
    .optional()
    .catch(undefined),
  /** DeepSeek's name for cached tokens. */
  prompt_cache_hit_tokens: count,
});
type Usage = z.infer<typeof Usage>;

/** Mistral sends content in typed parts if its model thinks. */
const Content = z.union([
  z.string(),
  z.array(z.object({ text })).transform((parts) => parts.map((part) => part.text).join("")),
]);

const Delta = z.object({
  content: Content.catch(""),
  refusal: text,
  /** vLLM, DeepSeek, Grok. */
  reasoning_content: text,
  /** OpenRouter, Ollama. */
  reasoning: text,
  tool_calls: z.array(ToolCallDelta).catch([]),
});
type Delta = z.infer<typeof Delta>;

const Choice = z.object({ delta: Delta.catch(Delta.parse({})), finish_reason: text });

const Chunk = z.object({
  choices: z.array(Choice).catch([]),
  usage: Usage.nullable().catch(null),
});

const SILENCE = Choice.parse({});

/** Converts a Chat Completions stream to events. Throws a `BackendError` if it fails, or ends without a finish reason. */
export async function* readCompatibleStream(
  response: Response,
  target: CallTarget,
): AsyncGenerator<BackendEvent> {
  const calls = createCallCollector();
  const seen: Seen = { finish: "", said: false, refused: false, usage: null };
  for await (const batch of readReply(response, target)) {
    for (const sent of batch) {
      for (const event of take(sent, seen, calls)) yield event;
    }
  }
  const made = calls.all();
  const finish = finishOf(seen, made.length > 0, target);
  yield* made;
  yield { type: "done", finish, usage: seen.usage };
}

function take({ value }: Sent, seen: Seen, calls: CallCollector): BackendEvent[] {
  const { choices, usage } = Chunk.catch({ choices: [], usage: null }).parse(value);
  const { delta, finish_reason } = choices[0] ?? SILENCE;
  if (usage) seen.usage = usageOf(usage);
  seen.finish ||= finish_reason;
  for (const call of delta.tool_calls) calls.add(call);
  // Some servers report usage during the stream.
  const counted = usage && finish_reason === "" && seen.usage;
  return [...(counted ? [{ type: "alive", usage: counted } as const] : []), ...show(delta, seen)];
}

function show(delta: Delta, seen: Seen): BackendEvent[] {
  const thinking = delta.reasoning_content || delta.reasoning;
  const said = delta.content || delta.refusal;
  seen.said ||= said !== "";
  seen.refused ||= delta.refusal !== "";
  const events: BackendEvent[] = [
    { type: "thinking", text: thinking },
    { type: "text", text: said },
  ];
  const shown = events.filter((event) => "text" in event && event.text !== "");
  const written = delta.tool_calls.map((call) => call.function.arguments).join("");
  if (written !== "") shown.push({ type: "alive", written });
  return shown.length > 0 ? shown : [{ type: "alive" }];
}

/** The reply so far. */
interface Seen {
  finish: string;
  said: boolean;
  refused: boolean;
  usage: TokenUsage | null;
}

function finishOf(
  { finish, said, refused }: Seen,
  called: boolean,
  target: CallTarget,
): "stop" | "tool" | "length" | "refusal" {
  if (finish === "") throw incompleteReply(target, "the stream ended without a finish reason");
  // OpenRouter: the model's server failed during the answer.
  if (finish === "error") throw openAIRefusal({ words: "the answer broke off" }, target);
  if (finish === "content_filter" || refused) return "refusal";
  if (finish === "length") {
    if (said || called) return "length";
    throw incompleteReply(target, "its output limit was used up before an answer began");
  }
  // Some servers also report "stop" after a tool call.
  return called ? "tool" : "stop";
}

function usageOf(usage: Usage): TokenUsage {
  const details = usage.prompt_tokens_details;
  return {
    input: usage.prompt_tokens,
    cached: details?.cached_tokens || usage.prompt_cache_hit_tokens,
    cacheWritten: details?.cache_write_tokens ?? 0,
    // Grok counts reasoning only in the total.
    output: Math.max(usage.completion_tokens, usage.total_tokens - usage.prompt_tokens),
  };
}
