/*
 * How providers and servers say that a prompt does not fit; most send no code. By the reports in earendil-works/pi#129, #4943, #5677, #5929,
 * openclaw/openclaw#20539, #129352, 0xBakeer/inference-atlas#186, huggingface/chat-ui#340, QwenLM/Qwen-Agent#615, sgl-project/sglang#4048,
 * google-gemini/gemini-cli#4692, evalstate/fast-agent#621.
 */
const TOO_LONG = new RegExp(
  [
    // OpenAI, Azure, DeepSeek, OpenRouter, vLLM, SGLang, Together, LM Studio, llama.cpp, Ollama, MiniMax
    "context[ _-]?(?:length|window|size|limit)",
    "max(?:imum)?[ _](?:prompt|input|model|sequence|context|token)?[ _]?(?:length|seq_?len)",
    "maximum (?:allowed )?(?:input|prompt|context|model) length",
    String.raw`(?:prompt|input|request|messages?)(?: is| are)? too (?:long|large)\b`,
    "too large for model",
    "request too large",
    // Gemini, also through its OpenAI endpoint
    "token count.{0,60}exceeds",
    "exceeds the maximum number of tokens",
    "exceeds? (?:the )?(?:model(?:'s)? )?(?:maximum |available )?context",
    "exceeds? (?:the )?max(?:imum)?[ _](?:model[ _]len|seq[ _]len|context)",
    "long context requests",
    // Copilot
    String.raw`token count of \d+ exceeds the limit`,
    // Kimi
    "exceeded model token limit",
    "exceeds? (?:the )?(?:model's )?token limit",
    // TGI
    String.raw`inputs.{0,4} tokens \+ .{0,3}max_new_tokens`,
    String.raw`inputs.{0,4} must have less than \d+ tokens`,
    // DashScope, Z.AI, SiliconFlow
    "range of input length",
    "prompt exceeds max length",
    "prompt 超长|输入(?:长度|内容)?(?:超|过长)|超过最大长度|上下文长度",
    String.raw`length of prompt_tokens.{0,60}max_seq_len`,
    // Cohere
    "too many tokens(?!.{0,20}(?:per|please wait)): total number of tokens",
    "size limit exceeded by",
    // Bedrock, Fireworks, Mistral
    "input is too long for requested model",
    String.raw`(?:prompt|input).{0,40}(?:longer|greater) than (?:the )?(?:maximum|model|context|allowed)`,
    "prompt contains.{0,60}too large",
    "reduce the length of (?:the |your )?(?:messages|prompt|input)",
    String.raw`input length .{0,40}exceeds`,
  ].join("|"),
  "i",
);
const CODES =
  /context_length_exceeded|context_window_exceeded|exceed_context_size|request_too_large|string_above_max_length|^1261$|^20015$/m;
/** Limits on tokens over time, and the size of a reply, which a shorter prompt does not help. */
const OTHERWISE = /per (?:minute|day|hour)|\b[TR]P[MD]\b|please wait|max_tokens is too large/i;

/** Whether the prompt is too long for the model. */
export const isTooLong = (words: string, codes: string): boolean =>
  CODES.test(codes) || (TOO_LONG.test(words) && !OTHERWISE.test(words));

const N = String.raw`(?<n>\d[\d,_]{0,15})`;

const WINDOW: readonly RegExp[] = [
  String.raw`(?:context length|context window|context size|model length|maximum prompt length|max_seq_len|token limit)(?: is| of|:)?(?: only)?[ (]+${N}`,
  String.raw`> ${N} maximum`,
  String.raw`\d{1,12} \+ \d{1,12} > ${N}`,
  String.raw`number of tokens allowed \(?${N}`,
  String.raw`maximum allowed(?: input)? length (?:of )?\(?${N}`,
  String.raw`exceeds the limit of ${N}`,
  String.raw`must be <= ${N}`,
  String.raw`must have less than ${N} tokens`,
  String.raw`input length should be \[\d+, ?${N}\]`,
  String.raw`${N} maximum context`,
  String.raw`available context size \(?${N}`,
].map((pattern) => new RegExp(pattern, "i"));

const PROMPT: readonly RegExp[] = [
  String.raw`prompt is too long: ${N} tokens`,
  String.raw`\(${N} in the (?:messages|prompt)`,
  String.raw`${N} input tokens`,
  String.raw`contains (?:at least )?${N} (?:input )?tokens`,
  String.raw`(?:input length|token count(?: of)?|input|prompt)(?: has)? \(?${N}(?: tokens)?\)? (?:is longer|exceeds|tokens)`,
  String.raw`request(?:ed)? ?\(?:? ?${N}`,
  String.raw`Given: ${N} .?inputs`,
].map((pattern) => new RegExp(pattern, "i"));

/** The window and the prompt's size that a message names, in the provider's tokens. */
export function readOverflow(words: string): {
  readonly window?: number;
  readonly prompt?: number;
} {
  const [window, prompt] = [WINDOW, PROMPT].map((patterns) => numberIn(words, patterns));
  return {
    ...(window !== undefined && { window }),
    ...(prompt !== undefined && prompt > (window ?? 0) && { prompt }),
  };
}

function numberIn(words: string, patterns: readonly RegExp[]): number | undefined {
  const found = patterns.map((pattern) => pattern.exec(words)?.groups?.["n"]).find(Boolean);
  const number = Number(found?.replace(/[,_]/g, ""));
  return number >= LEAST_WINDOW ? number : undefined;
}

/** Smaller numbers are something else. */
const LEAST_WINDOW = 256;
