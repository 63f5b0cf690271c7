import { z } from "zod";
import type { TokenUsage } from "../backend.ts";
import type { CallPiece } from "../reply/call-collector.ts";
import {
  anything,
  argumentsOf,
  contentText,
  count,
  index,
  isObject,
  list,
  maybeCount,
  text,
  wordsOf,
} from "../reply/tolerant.ts";

/** A piece of a reply, or all of it. */
export interface Chunk {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
  readonly calls: readonly CallPiece[];
  /** "" if the server did not say. */
  readonly finish: string;
  readonly usage: TokenUsage | null;
  /** It repeats what came before, and adds the rest. */
  readonly isWhole: boolean;
}

const Function = z.looseObject({ name: text, arguments: anything, input: anything });

const Call = z.looseObject({
  index,
  id: text,
  function: Function.optional().catch(undefined),
  name: text,
  arguments: anything,
});

const Choice = z.looseObject({
  index,
  delta: anything,
  message: anything,
  text,
  finish_reason: text,
  finishReason: text,
  stop_reason: text,
  usage: anything,
});

const Body = z.looseObject({
  object: text,
  choices: list(Choice),
  /** Ollama's own API. */
  message: anything,
  done_reason: text,
  usage: anything,
  x_groq: z.looseObject({ usage: anything }).optional().catch(undefined),
});

const Usage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  input_tokens: count,
  output_tokens: count,
  prompt_eval_count: count,
  eval_count: count,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: count, cache_write_tokens: count, cache_creation_tokens: count })
    .optional()
    .catch(undefined),
  /** Claude's counts, as gateways pass them on. */
  cache_creation_input_tokens: count,
  cache_creation: z
    .looseObject({ ephemeral_1h_input_tokens: maybeCount.optional() })
    .optional()
    .catch(undefined),
  /** DeepSeek's name for cached tokens. */
  prompt_cache_hit_tokens: count,
  /** Moonshot's. */
  cached_tokens: count,
});

const EMPTY: Chunk = {
  text: "",
  thinking: "",
  refusal: "",
  calls: [],
  finish: "",
  usage: null,
  isWhole: false,
};

type Body = z.infer<typeof Body>;
type Choice = z.infer<typeof Choice>;

/** Reads a chunk of a stream, or a whole completion, of any server that imitates Chat Completions. */
export function readChunk(value: unknown): Chunk {
  if (!isObject(value)) return EMPTY;
  const plain = plainText(value);
  if (plain !== null) return { ...EMPTY, text: plain };
  // Some gateways wrap what they pass on.
  const inner = value["choices"] === undefined ? value["data"] : undefined;
  const body = Body.parse(isObject(inner) ? inner : value);
  const choice = body.choices.find((one) => one.index === 0) ?? body.choices[0];
  const message = messageOf(body, choice);
  return {
    ...readMessage(message),
    finish: finishOf(choice) || body.done_reason,
    usage: countsOf(body, choice),
    // Ollama's own API streams pieces of a message.
    isWhole: isObject(choice?.message) && message === choice.message && isCompletion(body),
  };
}

/** Most chunks hold a piece of text and nothing else, and need no schema. */
function plainText({ choices, usage, data, x_groq }: Readonly<Record<string, unknown>>) {
  const only: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : null;
  if (
    !isObject(only) ||
    [usage, data, x_groq, only["finish_reason"], only["usage"]].some(Boolean)
  ) {
    return null;
  }
  const { delta } = only;
  if (!isObject(delta) || !Object.keys(delta).every((key) => PLAIN.has(key))) return null;
  return typeof delta["content"] === "string" ? delta["content"] : null;
}

const PLAIN: ReadonlySet<string> = new Set(["role", "content"]);

const messageOf = (body: Body, choice: Choice | undefined): unknown =>
  choice?.delta ?? choice?.message ?? body.message ?? choice?.text;

/** Some streams have pieces of a message where others have a delta. */
const isCompletion = ({ object }: Body): boolean => object !== "chat.completion.chunk";

const finishOf = (choice: Choice | undefined): string =>
  choice ? choice.finish_reason || choice.finishReason || choice.stop_reason : "";

const countsOf = (body: Body, choice: Choice | undefined): TokenUsage | null =>
  [body.usage, choice?.usage, body.x_groq?.usage, body["eval_count"] === undefined ? null : body]
    .map(usageOf)
    .find((one) => one !== null) ?? null;

/** Mistral sends content in typed parts; some send a bare string as the delta. */
function readMessage(message: unknown): Pick<Chunk, "text" | "thinking" | "refusal" | "calls"> {
  if (!isObject(message)) return { ...EMPTY, text: typeof message === "string" ? message : "" };
  const content = contentText(message["content"] ?? message["text"]);
  return {
    text: content.text,
    thinking: thinkingOf(message) || content.thinking,
    refusal: wordsOf(message["refusal"]) || content.refusal,
    calls: callsOf(message),
  };
}

/** vLLM, DeepSeek and Grok; OpenRouter; Ollama; LM Studio. Several at once repeat one another. */
const THINKING = [
  "reasoning_content",
  "reasoning",
  "thinking",
  "reasoning_text",
  "reasoning_details",
];

const thinkingOf = (message: Readonly<Record<string, unknown>>): string =>
  THINKING.map((key) => thoughtsIn(message[key])).find((words) => words !== "") ?? "";

/** OpenRouter's details are parts of several types, some of them encrypted. */
const thoughtsIn = (value: unknown): string =>
  Array.isArray(value) ? value.map(thoughtsIn).join("") : detailOf(value);

function detailOf(value: unknown): string {
  if (!isObject(value)) return typeof value === "string" ? value : "";
  const { summary, content, text: words } = value;
  return wordsOf(words ?? summary ?? content);
}

function callsOf(message: Readonly<Record<string, unknown>>): CallPiece[] {
  const { tool_calls: made, function_call: one } = message;
  const calls = isObject(made) || Array.isArray(made) ? list(Call).parse(made) : [];
  const legacy = isObject(one) ? Function.parse(one) : null;
  return [
    ...calls.map((call) => ({
      index: call.index,
      id: call.id,
      name: call.function?.name || call.name,
      arguments: argumentsOf(call.function?.arguments ?? call.function?.input ?? call.arguments),
    })),
    ...(legacy
      ? [{ index: 0, id: "", name: legacy.name, arguments: argumentsOf(legacy.arguments) }]
      : []),
  ];
}

function usageOf(value: unknown): TokenUsage | null {
  if (!isObject(value)) return null;
  const usage = Usage.parse(value);
  const input = usage.prompt_tokens || usage.input_tokens || usage.prompt_eval_count;
  const output = usage.completion_tokens || usage.output_tokens || usage.eval_count;
  if (input + output === 0) return null;
  return {
    input,
    ...cacheOf(usage),
    // Grok counts reasoning only in the total.
    output: Math.max(output, usage.total_tokens - input),
  };
}

function cacheOf(usage: z.infer<typeof Usage>): Omit<TokenUsage, "input" | "output"> {
  const details = usage.prompt_tokens_details;
  const long = usage.cache_creation?.ephemeral_1h_input_tokens;
  return {
    cached: details?.cached_tokens || usage.prompt_cache_hit_tokens || usage.cached_tokens,
    cacheWritten:
      details?.cache_write_tokens ||
      details?.cache_creation_tokens ||
      usage.cache_creation_input_tokens,
    ...(typeof long === "number" && { cacheWrittenLong: long }),
  };
}
