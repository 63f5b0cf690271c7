import { hasField, hasLimitAbove, hasReasoning, hasRoleRun, hasSystem } from "./offences.ts";
import { CHAT, OPENAI, type Refusal } from "./refusal.ts";

/** Roles, limits and optional fields. */
export const FIELD_REFUSALS: readonly Refusal[] = [
  // 0xPlaygrounds/rig#788, CherryHQ/cherry-studio#3242
  {
    what: "no system prompt",
    words: "Developer instruction is not enabled for models/gemma-3-27b-it",
    offends: hasSystem,
  },
  { what: "no system prompt", words: "System role not supported", offends: hasSystem },
  // infiniflow/ragflow#11021
  {
    what: "no system prompt",
    words: "Conversation roles must alternate user/assistant/user/assistant/...",
    on: CHAT,
    body: '{"object":"error","message":"Conversation roles must alternate user/assistant/user/assistant/... Conversation roles must alternate user/assistant/user/assistant/...","type":"BadRequestError","param":null,"code":400}',
    offends: hasSystem,
  },
  {
    what: "no system prompt",
    words: "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    on: OPENAI,
    offends: hasSystem,
  },
  // vllm-project/vllm#6862
  {
    what: "alternating roles",
    words:
      "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...",
    on: ["openai"],
    offends: hasRoleRun,
  },

  // griptape-ai/ComfyUI-Griptape#312
  {
    what: "an output limit",
    words: "Use 'max_completion_tokens' instead",
    on: CHAT,
    body: '{"error":{"message":"Unsupported parameter: \'max_tokens\' is not supported with this model. Use \'max_completion_tokens\' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}',
    offends: hasField("max_tokens"),
  },
  // ChatGPTNextWeb/NextChat#3195
  {
    what: "an output limit",
    words:
      "max_tokens is too large: 100000. This model supports at most 4096 completion tokens, whereas you provided 100000.",
    offends: hasLimitAbove(4096),
  },
  // AQBot-Desktop/AQBot#93
  {
    what: "an output limit",
    words: "max_tokens is too large, in param",
    on: OPENAI,
    body: '{"error":{"message":"Param Incorrect","type":"upstream_error","param":"max_tokens is too large: 1048576. This model supports at most 8192 completion tokens, whereas you provided 1048576.","code":"400"}}',
    offends: hasLimitAbove(8192),
  },
  // Gitlawb/openclaude#331
  {
    what: "an output limit",
    words:
      "The parameter `max_completion_tokens` specified in the request are not valid: integer above maximum value, expected a value <= 12288, but got 100000 instead.",
    offends: hasLimitAbove(12_288),
  },
  // deepseek-ai/DeepSeek-V2#34
  {
    what: "an output limit",
    words: "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
    offends: hasLimitAbove(8192),
  },
  {
    what: "an output limit",
    words:
      "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for claude-opus-4-8",
    offends: hasLimitAbove(64_000),
  },
  {
    what: "an output limit",
    words:
      "Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again.",
    offends: hasLimitAbove(65_536),
  },
  {
    what: "an output limit",
    words:
      "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model",
    offends: hasLimitAbove(8192),
  },
  {
    what: "an output limit",
    words:
      "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.",
    offends: hasLimitAbove(4096),
  },

  // gabrii/Cursor-Azure-GPT-5#33
  {
    what: "no sampling",
    words: "'temperature' does not support 0.7 with this model",
    on: OPENAI,
    body: '{"error":{"message":"Unsupported value: \'temperature\' does not support 0.7 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}',
    offends: hasField("temperature"),
  },
  {
    what: "no sampling",
    words:
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    offends: ({ raw }) => /"temperature":/.test(raw) && /"top_p":/.test(raw),
  },
  {
    what: "no sampling",
    words: "temperature is deprecated for this model.",
    offends: hasField("temperature"),
  },

  // RooCodeInc/Roo-Code#10700, agentjido/req_llm#971, BerriAI/litellm#37314
  {
    what: "no reasoning",
    words: "Thinking level is not supported for this model.",
    offends: hasReasoning,
    on: ["compatible", "anthropic"],
  },
  {
    what: "no such level of reasoning",
    words:
      "Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.",
    on: ["gemini"],
    offends: hasField("thinkingLevel"),
  },
  {
    what: "no reasoning",
    words: "Argument not supported on this model: reasoningEffort",
    on: CHAT,
    offends: hasField("reasoning_effort"),
  },
  {
    what: "no reasoning",
    words: '"llama3.1:8b" does not support thinking',
    offends: hasReasoning,
    on: CHAT,
  },
  {
    what: "no reasoning",
    words: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    on: ["openai"],
    body: '{"error":{"message":"Unsupported parameter: \'reasoning.effort\' is not supported with this model.","type":"invalid_request_error","param":"reasoning.effort","code":"unsupported_parameter"}}',
    offends: hasField("effort"),
  },
  // continuedev/continue#9854
  {
    what: "no reasoning",
    words: "Your organization must be verified to generate reasoning summaries",
    on: ["openai"],
    body: '{"error":{"message":"Your organization must be verified to generate reasoning summaries. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.","type":"invalid_request_error","param":"reasoning.summary","code":"unsupported_value"}}',
    offends: hasField("summary"),
  },
  {
    what: "no reasoning",
    words: "adaptive thinking is not supported on this model",
    on: ["anthropic"],
    offends: hasField("thinking"),
  },

  {
    what: "no cache fields",
    words: "Unknown parameter: 'prompt_cache_key'.",
    on: ["openai"],
    offends: hasField("prompt_cache_key"),
  },
  // cg-dot/vertexai-cf-workers#21
  {
    what: "no cache fields",
    words: "system.0.cache_control: Extra inputs are not permitted",
    on: ["anthropic"],
    offends: hasField("cache_control"),
  },
  // avante-corp/avante.nvim#2347
  {
    what: "no usage in streams",
    words: "stream_options: Extra inputs are not permitted",
    on: CHAT,
    status: 422,
    body: '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],"msg":"Extra inputs are not permitted","input":true}]},"type":"invalid_request_error","param":null,"code":null}',
    offends: hasField("stream_options"),
  },
  {
    what: "no storage field",
    words: "store: Extra inputs are not permitted",
    on: ["openai"],
    status: 422,
    body: '{"detail":[{"type":"extra_forbidden","loc":["body","store"],"msg":"Extra inputs are not permitted","input":false}]}',
    offends: hasField("store"),
  },
];
