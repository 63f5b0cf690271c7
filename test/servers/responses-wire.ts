import { openAIFailures } from "./chat-wire.ts";
import { frame, pieces } from "./model-wire.ts";
import type { ErrorKind, Reply, Wire } from "./model-wire.ts";

const event = (type: string, fields: Record<string, unknown>): string =>
  frame({ type, sequence_number: 0, ...fields }, type);

const response = (fields: Record<string, unknown>) => ({
  id: "resp_1",
  object: "response",
  output: [],
  error: null,
  incomplete_details: null,
  ...fields,
});

function callFrames(call: { name: string; arguments: string }, index: number): string[] {
  const place = { item_id: `fc_${index}`, output_index: index };
  const item = { type: "function_call", id: `fc_${index}`, call_id: `call_${index}` };
  return [
    event("response.output_item.added", {
      output_index: index,
      item: { ...item, name: call.name, arguments: "", status: "in_progress" },
    }),
    ...pieces(call.arguments).map((delta) =>
      event("response.function_call_arguments.delta", { ...place, delta }),
    ),
    event("response.function_call_arguments.done", { ...place, arguments: call.arguments }),
    event("response.output_item.done", {
      output_index: index,
      item: { ...item, ...call, status: "completed" },
    }),
  ];
}

/** A message, as an item that begins and ends: Codex leaves out text outside of one. */
function textFrames(text: string, kind: "output_text" | "refusal"): string[] {
  if (text === "") return [];
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const item = { type: "message", id: "msg_1", role: "assistant" };
  const part = kind === "refusal" ? { type: kind, refusal: text } : { type: kind, text };
  return [
    event("response.output_item.added", {
      output_index: 0,
      item: { ...item, status: "in_progress", content: [] },
    }),
    ...pieces(text).map((delta) => event(`response.${kind}.delta`, { ...place, delta })),
    event("response.output_item.done", {
      output_index: 0,
      item: { ...item, status: "completed", content: [part] },
    }),
  ];
}

const usage = (reply: Reply) =>
  reply.usage && {
    input_tokens: reply.usage.input,
    input_tokens_details: {
      cached_tokens: reply.usage.cached,
      cache_write_tokens: reply.usage.cacheWritten,
      ...(reply.usage.cacheWrittenLong !== undefined && {
        cache_write_tokens_details: {
          ttl_30m_tokens: reply.usage.cacheWritten - reply.usage.cacheWrittenLong,
          ttl_12h_tokens: reply.usage.cacheWrittenLong,
        },
      }),
    },
    output_tokens: reply.usage.output,
    output_tokens_details: { reasoning_tokens: reply.usage.reasoning },
    total_tokens: reply.usage.input + reply.usage.output,
  };

// https://platform.openai.com/docs/api-reference/responses-streaming: the codes that codex-rs tells apart.
const STREAM_CODES: Partial<Record<ErrorKind, string>> = {
  overloaded: "server_is_overloaded",
  server: "server_error",
};

/** OpenAI's Responses API. */
export const responsesWire: Wire = {
  path: /\/responses$/,
  content: (reply) => [
    event("response.created", { response: response({ status: "in_progress" }) }),
    ...pieces(reply.thinking ?? "").map((delta) =>
      event("response.reasoning_summary_text.delta", { output_index: 0, summary_index: 0, delta }),
    ),
    ...textFrames(reply.text ?? "", reply.finish === "refusal" ? "refusal" : "output_text"),
    ...(reply.calls ?? []).flatMap(callFrames),
  ],
  finish: (reply) =>
    reply.finish === "length"
      ? [
          event("response.incomplete", {
            response: response({
              status: "incomplete",
              incomplete_details: { reason: "max_output_tokens" },
              usage: usage(reply),
            }),
          }),
        ]
      : [
          event("response.completed", {
            response: response({ status: "completed", usage: usage(reply) }),
          }),
        ],
  errorFrame(kind) {
    const { code, message } = openAIFailures[kind].error;
    return event("error", { code: STREAM_CODES[kind] ?? code, message, param: null });
  },
  keepAlive: ": keep-alive\n\n",
  failure: (kind, { key }) => ({
    status: openAIFailures[kind].status,
    body: { error: { ...openAIFailures[kind].error, message: openAIFailures[kind].message(key) } },
  }),
  see: ({ body }) => ({
    model: String(body["model"]),
    forced: body["tool_choice"] === "required",
    maxOutputTokens:
      typeof body["max_output_tokens"] === "number" ? body["max_output_tokens"] : undefined,
  }),
};
