import { child, frame, pieces } from "./model-wire.ts";
import type { ErrorKind, Reply, Wire } from "./model-wire.ts";

/** https://platform.claude.com/docs/en/api/errors */
const failures: Record<ErrorKind, { status: number; type: string; message: string }> = {
  rate_limit: {
    status: 429,
    type: "rate_limit_error",
    message: "This request would exceed your organization's rate limit",
  },
  quota: {
    status: 402,
    type: "billing_error",
    message: "Your credit balance is too low to access the Anthropic API.",
  },
  overloaded: { status: 529, type: "overloaded_error", message: "Overloaded" },
  server: { status: 500, type: "api_error", message: "Internal server error" },
  auth: { status: 401, type: "authentication_error", message: "invalid bearer token {key}" },
  forbidden: { status: 403, type: "permission_error", message: "{key} may not use this model" },
  not_found: { status: 404, type: "not_found_error", message: "model: no-such-model" },
  context: {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 215000 tokens > 200000 maximum",
  },
  bad_request: {
    status: 400,
    type: "invalid_request_error",
    message: "temperature: Extra inputs are not permitted",
  },
  forced_tools: {
    status: 400,
    type: "invalid_request_error",
    message: "tool_choice forces tool use is not compatible with this model",
  },
};

const body = (kind: ErrorKind, key = "") => ({
  type: "error",
  error: { type: failures[kind].type, message: failures[kind].message.replace("{key}", key) },
  request_id: "req_1",
});

const event = (type: string, fields: Record<string, unknown> = {}): string =>
  frame({ type, ...fields }, type);

interface Block {
  readonly start: Record<string, unknown>;
  readonly deltas: readonly Record<string, unknown>[];
}

function blocks(reply: Reply): Block[] {
  const thinking: Block = {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces(reply.thinking ?? "").map((part) => ({ type: "thinking_delta", thinking: part })),
      { type: "signature_delta", signature: "c2ln" },
    ],
  };
  const text: Block = {
    start: { type: "text", text: "", citations: null },
    deltas: pieces(reply.text ?? "").map((part) => ({ type: "text_delta", text: part })),
  };
  const calls = (reply.calls ?? []).map((call, index) => ({
    start: { type: "tool_use", id: `toolu_${index}`, name: call.name, input: {} },
    deltas: pieces(call.arguments).map((part) => ({
      type: "input_json_delta",
      partial_json: part,
    })),
  }));
  return [...(reply.thinking ? [thinking] : []), ...(reply.text ? [text] : []), ...calls];
}

const blockFrames = (block: Block, index: number): string[] => [
  event("content_block_start", { index, content_block: block.start }),
  ...block.deltas.map((delta) => event("content_block_delta", { index, delta })),
  event("content_block_stop", { index }),
];

// input_tokens leaves out what was read from and written to the cache.
const inputUsage = ({ usage }: Reply) => ({
  input_tokens: usage ? usage.input - usage.cached - usage.cacheWritten : 0,
  cache_read_input_tokens: usage?.cached ?? 0,
  cache_creation_input_tokens: usage?.cacheWritten ?? 0,
  ...(usage?.cacheWrittenLong !== undefined && {
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWritten - usage.cacheWrittenLong,
      ephemeral_1h_input_tokens: usage.cacheWrittenLong,
    },
  }),
});

const stopReason = ({ finish, calls }: Reply): string => {
  if (finish === "length") return "max_tokens";
  if (finish === "refusal") return "refusal";
  return calls?.length ? "tool_use" : "end_turn";
};

/** Anthropic's Messages API. */
export const anthropicWire: Wire = {
  path: /\/v1\/messages$/,
  content: (reply) => [
    event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...inputUsage(reply), output_tokens: 1 },
      },
    }),
    ...blocks(reply).flatMap(blockFrames),
  ],
  finish: (reply) => [
    event("message_delta", {
      delta: { stop_reason: stopReason(reply), stop_sequence: null },
      usage: {
        output_tokens: reply.usage?.output ?? 0,
        output_tokens_details: { thinking_tokens: reply.usage?.reasoning ?? 0 },
      },
    }),
    event("message_stop"),
  ],
  errorFrame: (kind) => frame(body(kind), "error"),
  keepAlive: event("ping"),
  failure: (kind, { key }) => ({ status: failures[kind].status, body: body(kind, key) }),
  see: (request) => ({
    model: String(request.body["model"]),
    forced: ["any", "tool"].includes(String(child(request.body, "tool_choice")["type"])),
    maxOutputTokens:
      typeof request.body["max_tokens"] === "number" ? request.body["max_tokens"] : undefined,
  }),
};
