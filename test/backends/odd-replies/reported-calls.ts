import { frame } from "../../servers/model-wire.ts";
import { chat, end, named, type Reported } from "./reported.ts";

const piece = (fields: object) => ({ tool_calls: [fields] });
const VOTE = '{"reason":"a"}';
const vote = { name: "vote", arguments: { reason: "a" } };
const answer = { name: "new_answer", arguments: { content: "b" } };

/** Reports about tool calls. */
export const REPORTED_CALLS: readonly Reported[] = [
  {
    report: "vllm-project/vllm#18412: calls have no ids",
    backend: "compatible",
    body:
      chat(
        piece({ index: 0, type: "function", function: { name: "vote", arguments: "" } }),
        piece({ index: 0, function: { arguments: VOTE } }),
      ) + end("tool_calls"),
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "openai/codex#7517: only the first piece has an id",
    backend: "compatible",
    body:
      chat(
        piece({ index: 0, id: "c1", function: { name: "vote", arguments: '{"rea' } }),
        piece({ index: 0, function: { arguments: 'son":' } }),
        piece({ index: 0, function: { arguments: '"a"}' } }),
      ) + end("tool_calls"),
    outcome: { calls: [vote] },
  },
  {
    report: "InternLM/lmdeploy#3412: every call is number 0, and later ids are empty",
    backend: "compatible",
    body:
      chat(
        piece({ index: 0, id: "chatcmpl-tool-1", function: { name: "vote", arguments: "" } }),
        piece({ index: 0, id: "", function: { arguments: VOTE, name: null } }),
        piece({ index: 0, id: "chatcmpl-tool-2", function: { name: "new_answer", arguments: "" } }),
        piece({ index: 0, id: "", function: { arguments: '{"content":"b"}', name: null } }),
      ) + end("tool_calls"),
    outcome: { calls: [vote, answer] },
  },
  {
    report: "sgl-project/sglang#5661: calls have no numbers",
    backend: "compatible",
    body:
      chat(piece({ id: "0", type: "function", function: { name: "vote", arguments: VOTE } })) +
      end("tool_calls"),
    outcome: { calls: [vote] },
  },
  {
    report: "sgl-project/sglang#7048: the second call has no id",
    backend: "compatible",
    body:
      chat(
        piece({ index: 0, id: "call_1", function: { name: "vote", arguments: VOTE } }),
        piece({ index: 1, id: null, function: { name: "new_answer", arguments: "" } }),
        piece({ index: 1, id: null, function: { name: null, arguments: '{"content":"b"}' } }),
      ) + end("tool_calls"),
    outcome: { calls: [vote, answer] },
  },
  {
    report: "tailcallhq/forgecode#1122: Kimi repeats the id, with an empty name",
    backend: "compatible",
    body:
      chat(
        piece({ index: 0, id: "0", function: { name: "vote", arguments: "" } }),
        piece({ index: 0, id: "0", function: { name: "", arguments: '{"reason' } }),
        piece({ index: 0, id: "0", function: { name: "", arguments: '":"a"}' } }),
      ) + end("tool_calls"),
    outcome: { calls: [vote] },
  },
  {
    report: "vllm-project/vllm#47907: the whole message in one delta",
    backend: "compatible",
    body: frame({
      choices: [
        {
          delta: {
            role: "assistant",
            content: "Voting.",
            tool_calls: [{ function: { name: "vote", arguments: VOTE } }],
          },
          finish_reason: "tool_calls",
        },
      ],
    }),
    outcome: { text: "Voting.", calls: [vote], finish: "tool" },
  },
  {
    report: "googleapis/python-genai#2868: a call ends with stop",
    backend: "compatible",
    body:
      chat(
        piece({
          function: { name: "vote", arguments: VOTE },
          id: "function-call-1",
          type: "function",
        }),
      ) + end("stop"),
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "microsoft/autogen#4878: a whole completion whose call has an empty id",
    backend: "compatible",
    body: JSON.stringify({
      id: null,
      choices: [
        {
          finish_reason: "stop",
          message: {
            content: null,
            refusal: null,
            function_call: null,
            tool_calls: [{ id: "", function: { arguments: VOTE, name: "vote" }, type: "function" }],
          },
        },
      ],
    }),
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "ollama/ollama#12413: Ollama's arguments are an object",
    backend: "compatible",
    body: `${JSON.stringify({ message: { role: "assistant", content: "", tool_calls: [{ function: { name: "vote", arguments: { reason: "a" } } }] }, done: false })}\n{"message":{"content":""},"done":true,"done_reason":"stop"}\n`,
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "farion1231/cc-switch#2557: a call starts without input",
    backend: "anthropic",
    body:
      named("content_block_start", {
        index: 0,
        content_block: { type: "tool_use", id: "t", name: "vote" },
      }) +
      named("content_block_delta", {
        index: 0,
        delta: { type: "input_json_delta", partial_json: VOTE },
      }) +
      named("message_delta", { delta: { stop_reason: "tool_use" } }) +
      named("message_stop"),
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "lidge-jun/opencodex#4652: the arguments come in the done event alone",
    backend: "openai",
    body:
      named("response.output_item.added", {
        output_index: 0,
        item: { type: "function_call", id: "f", name: "vote", arguments: "" },
      }) +
      named("response.function_call_arguments.done", {
        output_index: 0,
        item_id: "f",
        arguments: VOTE,
      }) +
      named("response.completed", { response: {} }),
    outcome: { calls: [vote], finish: "tool" },
  },
  {
    report: "vllm-project/vllm#52418: nameless pieces behind a call that was closed",
    backend: "openai",
    body:
      named("response.output_item.added", {
        output_index: 0,
        item: { type: "function_call", id: "f", name: "vote" },
      }) +
      named("response.function_call_arguments.delta", {
        output_index: 0,
        item_id: "f",
        delta: '{"reason"',
      }) +
      named("response.output_text.delta", { output_index: 1, delta: "Done." }) +
      named("response.function_call_arguments.delta", {
        output_index: 0,
        item_id: "f",
        delta: ':"a"}',
      }) +
      named("response.completed", { response: {} }),
    outcome: { calls: [vote], text: "Done." },
  },
  {
    report: "envoyproxy/ai-gateway#2399: Gemini's stop comes behind the call, with an empty text",
    backend: "gemini",
    body:
      frame({
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { name: "vote", args: { reason: "a" } }, thoughtSignature: "x" },
              ],
            },
          },
        ],
        usageMetadata: { trafficType: "ON_DEMAND" },
      }) +
      frame({
        candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 107, candidatesTokenCount: 31, thoughtsTokenCount: 148 },
      }),
    outcome: { calls: [vote], finish: "tool", usage: { input: 107, output: 179 } },
  },
];
