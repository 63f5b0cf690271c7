import { describe, expect, test } from "vitest";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { failure } from "../ask.ts";
import { backendOf, errorBody, KINDS } from "../concessions/stage.ts";

/** What servers say of a prompt that does not fit, the window that they name, and the prompt's size. */
const REPORTED: readonly (readonly [
  who: string,
  words: string,
  window?: number,
  prompt?: number,
])[] = [
  ["Anthropic", "prompt is too long: 210000 tokens > 200000 maximum", 200_000, 210_000],
  [
    "OpenAI",
    "Your input exceeds the context window of this model. Please adjust your input and try again.",
  ],
  ["OpenAI today", "Your input exceeds the model's context window"],
  [
    "Azure and DeepSeek",
    "This model's maximum context length is 65536 tokens. However, you requested 72814 tokens (68718 in the messages, 4096 in the completion). Please reduce the length of the messages or completion.",
    65_536,
    68_718,
  ],
  [
    "vLLM",
    "This model's maximum context length is 262144 tokens. However, you requested 0 output tokens and your prompt contains at least 262145 input tokens, for a total of at least 262145 tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value=262145)",
    262_144,
    262_145,
  ],
  [
    "vLLM, older",
    "The prompt (total length 42345) is longer than the maximum model length of 32768",
    32_768,
  ],
  [
    "SGLang",
    "The input (263000 tokens) is longer than the model's context length (262144 tokens).",
    262_144,
    263_000,
  ],
  [
    "SGLang with a reply",
    "Requested token count exceeds the model's maximum context length of 262144 tokens.",
    262_144,
  ],
  [
    "SGLang, older",
    "Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).",
    59_862,
    160_062,
  ],
  [
    "Gemini",
    "The input token count (2845475) exceeds the maximum number of tokens allowed (1048576).",
    1_048_576,
    2_845_475,
  ],
  [
    "Gemini on Vertex",
    "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)",
    1_048_575,
    1_196_265,
  ],
  [
    "xAI",
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    131_072,
    537_812,
  ],
  ["Groq", "Please reduce the length of the messages or completion."],
  [
    "OpenRouter",
    "This endpoint's maximum context length is 131072 tokens. However, you requested about 150000 tokens (142000 of text input, 8000 in the output).",
    131_072,
  ],
  [
    "Poolside",
    "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.",
    131_040,
    131_393,
  ],
  [
    "Together",
    "The input (300000 tokens) is longer than the model's context length (200000 tokens).",
    200_000,
    300_000,
  ],
  [
    "a compatible server",
    "Input length (265330) exceeds model's maximum context length (262144).",
    262_144,
    265_330,
  ],
  ["Copilot", "prompt token count of 69000 exceeds the limit of 64000", 64_000, 69_000],
  ["llama.cpp", "the request exceeds the available context size, try increasing it"],
  [
    "llama.cpp today",
    "request (33000 tokens) exceeds the available context size (32768 tokens), try increasing it",
    32_768,
  ],
  [
    "LM Studio",
    "The number of tokens to keep from the initial prompt is greater than the context length.",
  ],
  [
    "LM Studio today",
    "Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
    4096,
  ],
  ["Ollama", "prompt too long; exceeded max context length by 4212 tokens"],
  [
    "Kimi",
    "Invalid request: Your request exceeded model token limit: 262144 (requested: 310000)",
    262_144,
    310_000,
  ],
  ["MiniMax", "invalid params, context window exceeds limit (2013)"],
  ["Z.AI", "Prompt exceeds max length"],
  ["Zhipu", "Prompt 超长"],
  ["DashScope", "Range of input length should be [1, 30720]", 30_720],
  [
    "DashScope compatible",
    "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
    129_024,
  ],
  ["SiliconFlow", "length of prompt_tokens (33000) must be less than max_seq_len (32768).", 32_768],
  [
    "TGI",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 1512. Given: 1600 `inputs` tokens and 1024 `max_new_tokens`",
    1512,
    1600,
  ],
  [
    "TGI, inputs alone",
    "Input validation error: `inputs` must have less than 4096 tokens. Given: 5800",
    4096,
  ],
  [
    "Cohere",
    "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000. Try using a shorter prompt",
  ],
  [
    "Mistral",
    "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    32_768,
    40_000,
  ],
  ["Fireworks", "The prompt is too long: 140000, model maximum context length: 131071", 131_071],
  ["Bedrock", "Input is too long for requested model."],
  [
    "Anthropic with a reply",
    "input length and `max_tokens` exceed context limit: 199700 + 34048 > 200000, decrease input length or `max_tokens` and try again",
    200_000,
  ],
  [
    "Atlas",
    "Prompt too long: 5152 tokens exceeds max_seq_len 2048 (leave room for output tokens)",
    2048,
  ],
  [
    "a gateway",
    "litellm.ContextWindowExceededError: AnthropicException - prompt is too long: 205321 tokens > 200000 maximum",
    200_000,
    205_321,
  ],
];

/** Words of limits that a shorter prompt does not help. */
const OTHERS = [
  "Too many tokens per minute, please wait before trying again.",
  "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 41023.",
  "This request exceeds the limit of 30000 tokens per minute",
  "The model `context-7b` does not exist",
];

describe("a prompt that does not fit", () => {
  const faults = useModelFaults();
  const rows = REPORTED.flatMap(([who, words, window, prompt]) =>
    KINDS.map((kind) => ({ kind, who, words, window, prompt })),
  );

  test.each(rows)(
    "a prompt that does not fit is recognised in the words of $who, through $kind",
    async (row) => {
      const { kind, words, window, prompt } = row;
      faults().serve(() => ({ type: "raw", status: 400, body: errorBody(kind, 400, words) }));
      const thrown = await failure(backendOf(kind, faults().url));
      expect(thrown.failure).toBe("context");
      expect(thrown.overflow?.window).toBe(window);
      if (prompt !== undefined) expect(thrown.overflow?.prompt).toBe(prompt);
    },
  );

  test.each(OTHERS.flatMap((words) => KINDS.map((kind) => ({ kind, words }))))(
    "$kind does not mean a prompt that does not fit by: $words",
    async ({ kind, words }) => {
      faults().serve(() => ({ type: "raw", status: 429, body: errorBody(kind, 429, words) }));
      expect((await failure(backendOf(kind, faults().url))).failure).not.toBe("context");
    },
  );
});
