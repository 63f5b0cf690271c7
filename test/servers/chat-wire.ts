import { frame, pieces } from "./model-wire.ts";
import type { ErrorKind, Reply, Wire } from "./model-wire.ts";

interface OpenAIFailure {
  readonly status: number;
  readonly error: { message: string; type: string; param: null; code: string | null };
  message(key: string): string;
}

const failure = (
  status: number,
  type: string,
  code: string | null,
  message: string,
): OpenAIFailure => ({
  status,
  error: { message, type, param: null, code },
  message: (key) => message.replace("{key}", key),
});

/** https://platform.openai.com/docs/guides/error-codes */
export const openAIFailures: Record<ErrorKind, OpenAIFailure> = {
  rate_limit: failure(429, "tokens", "rate_limit_exceeded", "Rate limit reached on tokens per min"),
  quota: failure(
    429,
    "insufficient_quota",
    "insufficient_quota",
    "You exceeded your current quota, please check your plan and billing details.",
  ),
  overloaded: failure(529, "server_error", null, "The server is overloaded or not ready yet."),
  server: failure(500, "server_error", null, "The server had an error processing your request"),
  auth: failure(
    401,
    "invalid_request_error",
    "invalid_api_key",
    "Incorrect API key provided: {key}.",
  ),
  forbidden: failure(403, "invalid_request_error", null, "Your key {key} may not use this model"),
  not_found: failure(
    404,
    "invalid_request_error",
    "model_not_found",
    "The model does not exist or you do not have access to it.",
  ),
  context: failure(
    400,
    "invalid_request_error",
    "context_length_exceeded",
    "Your input exceeds the context window of this model. Please adjust your input and try again.",
  ),
  bad_request: failure(400, "invalid_request_error", "unknown_parameter", "Unknown parameter: 'x'"),
  forced_tools: failure(
    400,
    "invalid_request_error",
    null,
    "tool_choice 'required' is not supported with this model",
  ),
};

const chunk = (fields: Record<string, unknown>): string =>
  frame({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", ...fields });

const delta = (fields: Record<string, unknown>): string =>
  chunk({ choices: [{ index: 0, delta: fields, finish_reason: null }] });

const callFrames = (call: { name: string; arguments: string }, index: number): string[] => [
  delta({
    tool_calls: [
      {
        index,
        id: `call_${index}`,
        type: "function",
        function: { name: call.name, arguments: "" },
      },
    ],
  }),
  ...pieces(call.arguments).map((part) =>
    delta({ tool_calls: [{ index, function: { arguments: part } }] }),
  ),
];

function usageFrames({ usage }: Reply): string[] {
  if (!usage) return [];
  return [
    chunk({
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
        prompt_tokens_details: {
          cached_tokens: usage.cached,
          cache_write_tokens: usage.cacheWritten,
        },
        // As gateways pass on Claude's counts.
        ...(usage.cacheWrittenLong !== undefined && {
          cache_creation: { ephemeral_1h_input_tokens: usage.cacheWrittenLong },
        }),
        completion_tokens_details: { reasoning_tokens: usage.reasoning },
      },
    }),
  ];
}

const finishReason = ({ finish, calls }: Reply): string => {
  if (finish === "length") return "length";
  if (finish === "refusal") return "content_filter";
  return calls?.length ? "tool_calls" : "stop";
};

/** Chat Completions, as OpenAI defined it and others serve it. */
export const chatWire: Wire = {
  path: /\/chat\/completions$/,
  content: (reply) => [
    delta({ role: "assistant", content: "" }),
    ...pieces(reply.thinking ?? "").map((part) => delta({ reasoning_content: part })),
    ...pieces(reply.text ?? "").map((part) => delta({ content: part })),
    ...(reply.calls ?? []).flatMap(callFrames),
  ],
  finish: (reply) => [
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishReason(reply) }] }),
    ...usageFrames(reply),
    "data: [DONE]\n\n",
  ],
  errorFrame: (kind) =>
    frame({ error: { ...openAIFailures[kind].error, code: openAIFailures[kind].status } }),
  keepAlive: ": OPENROUTER PROCESSING\n\n",
  failure: (kind, { key }) => ({
    status: openAIFailures[kind].status,
    body: { error: { ...openAIFailures[kind].error, message: openAIFailures[kind].message(key) } },
  }),
  see: ({ body }) => ({
    model: String(body["model"]),
    forced: body["tool_choice"] === "required",
    maxOutputTokens: typeof body["max_tokens"] === "number" ? body["max_tokens"] : undefined,
  }),
};
