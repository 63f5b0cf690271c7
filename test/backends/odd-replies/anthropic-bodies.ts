import { markedTexts } from "./marked-texts.ts";
import { frame } from "../../servers/model-wire.ts";
import type { Bodies } from "./kinds.ts";

const event = (type: string, fields: object = {}) => frame({ type, ...fields }, type);
const START = event("message_start", {
  message: {
    id: "m",
    type: "message",
    role: "assistant",
    content: [],
    usage: { input_tokens: 90, output_tokens: 1 },
  },
});
const block = (content_block: object, index = 0) =>
  event("content_block_start", { index, content_block });
const delta = (fields: object, index = 0) => event("content_block_delta", { index, delta: fields });
const close = (index = 0) => event("content_block_stop", { index });
const said = (...texts: readonly string[]) =>
  texts.map((text) => delta({ type: "text_delta", text })).join("");
const stop = (reason: string | null = "end_turn") =>
  event("message_delta", { delta: { stop_reason: reason }, usage: { output_tokens: 5 } });
const STOP = event("message_stop");
const TEXT = { type: "text", text: "" };
const VOTE = { type: "tool_use", id: "t1", name: "vote", input: {} };
const json = (partial_json: unknown, index = 0) =>
  delta({ type: "input_json_delta", partial_json }, index);
const textual = (text: string) =>
  START + block(TEXT) + said(...(text.match(/[^]{1,4}/g) ?? [])) + close() + stop() + STOP;
const whole = (content: readonly unknown[], stop_reason = "end_turn") => ({
  id: "m",
  type: "message",
  role: "assistant",
  content,
  stop_reason,
  usage: { input_tokens: 90, output_tokens: 5 },
});

/** The Messages API of LiteLLM, cc-switch, one-api, DeepSeek, Moonshot, Z.AI, SGLang and other gateways. */
export const anthropicBodies: Bodies = {
  "a text that begins in the event that opens it":
    START +
    block({ type: "text", text: "Do NOT " }) +
    said("restart the server.") +
    close() +
    stop() +
    STOP,
  "a text that is whole in the event that opens it":
    START + block({ type: "text", text: "Do NOT restart the server." }) + close() + stop() + STOP,
  "pieces, and the whole text once more":
    START +
    block(TEXT) +
    said("It is ", "42.") +
    close() +
    event("message", whole([{ type: "text", text: "It is 42." }])),
  "a text in the last event alone": event("message", whole([{ type: "text", text: "It is 42." }])),
  "one JSON body instead of a stream": JSON.stringify(
    whole([{ type: "text", text: "It is 42." }]),
    null,
    2,
  ),
  "one JSON body with a call": JSON.stringify(
    whole([{ ...VOTE, input: { reason: "a" } }], "tool_use"),
  ),
  "one JSON body with an end mark behind it": `${JSON.stringify(whole([{ type: "text", text: "It is 42." }]))}\ndata: [DONE]\n\n`,
  "no finish reason before the end mark":
    START + block(TEXT) + said("It is ", "42") + close() + stop(null) + STOP,
  "neither finish reason nor end mark behind a sentence":
    START + block(TEXT) + said("It is ", "42."),
  "an end in mid-sentence without a finish reason": START + block(TEXT) + said("It is ", "for"),
  "an end in a code block without a finish reason": START + block(TEXT) + said("```js\n", "run();"),
  "a call without a finish reason before the end mark":
    START + block(VOTE) + json('{"reason":"a"}') + "data: [DONE]\n\n",
  "a finish reason in every piece": { none: "a stop reason comes in one event" },
  "pieces that each repeat the text so far":
    START +
    block(TEXT) +
    said("It is", "It is forty-two", "It is forty-two, of", "It is forty-two, of course.") +
    close() +
    stop() +
    STOP,
  "two calls side by side":
    START +
    block(VOTE) +
    block({ ...VOTE, id: "t2", name: "new_answer" }, 1) +
    json('{"content":"b"}', 1) +
    json('{"reason":"a"}') +
    close(1) +
    close() +
    stop("tool_use") +
    STOP,
  "a call that comes whole":
    START + block({ ...VOTE, input: { reason: "a" } }) + close() + stop("tool_use") + STOP,
  "arguments that are an object":
    START + block(VOTE) + json({ reason: "a" }) + close() + stop("tool_use") + STOP,
  "a call without arguments":
    START + block({ type: "tool_use", name: "vote" }) + close() + stop("tool_use") + STOP,
  "a call that is never closed":
    START + block(VOTE) + json('{"reason"') + json(':"a"}') + stop("tool_use") + STOP,
  "a call whose name comes late":
    START +
    json('{"reason"') +
    block({ ...VOTE, input: undefined }) +
    json(':"a"}') +
    close() +
    stop("tool_use") +
    STOP,
  "a call without number, id and type":
    START +
    frame({ content_block: { type: "tool_use", name: "vote" } }, "content_block_start") +
    frame({ delta: { partial_json: '{"reason":"a"}' } }, "content_block_delta") +
    frame({ delta: { stop_reason: "tool_use" } }, "message_delta") +
    frame({}, "message_stop"),
  "a call that comes twice":
    START +
    block({ ...VOTE, input: { reason: "a" } }) +
    json('{"reason"') +
    json(':"a"}') +
    close() +
    stop("tool_use") +
    STOP,
  "an empty object before the arguments":
    START +
    block({ ...VOTE, input: "{}" }) +
    json('{"reason":"a"}') +
    close() +
    stop("tool_use") +
    STOP,
  "null in every field that may be missing":
    event("message_start", { message: { content: null, usage: null, model: null } }) +
    block({ type: "text", text: null, citations: null }) +
    delta({ type: "text_delta", text: "It is 42.", thinking: null, partial_json: null }) +
    close() +
    block({ type: "tool_use", id: null, name: "vote", input: null }, 1) +
    delta({ text: null, partial_json: '{"reason":"a"}' }, 1) +
    event("message_delta", {
      delta: { stop_reason: "end_turn", stop_details: null, stop_sequence: null },
      usage: null,
    }) +
    STOP,
  "numbers that are strings":
    event("message_start", { message: { usage: { input_tokens: "90", output_tokens: "1" } } }) +
    event("content_block_start", { index: "0", content_block: TEXT }) +
    event("content_block_delta", { index: "0", delta: { text: "It is 42." } }) +
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: "5" } }) +
    STOP,
  "events and fields that nobody knows":
    START +
    event("ping") +
    block({ ...TEXT, mood: {} }) +
    event("content_block_note", { index: 0, note: 1 }) +
    delta({ type: "new_delta", text: "It is 42.", shade: "blue" }) +
    delta({ type: "citations_delta", citation: {} }) +
    close() +
    stop() +
    STOP,
  "events that nobody needs left out": said("It is 42.") + STOP,
  "content in parts":
    START +
    block(TEXT) +
    said("It is ") +
    close() +
    block(TEXT, 1) +
    delta({ text: "42." }, 1) +
    stop() +
    STOP,
  "thoughts in a field of their own":
    START +
    block({ type: "thinking", thinking: "Six " }) +
    delta({ type: "thinking_delta", thinking: "sevens." }) +
    close() +
    block(TEXT, 1) +
    delta({ type: "text_delta", text: "It is 42." }, 1) +
    stop() +
    STOP,
  ...markedTexts(textual),
  "an answer that the limit cut":
    START + block(TEXT) + said("It is for") + close() + stop("max_tokens") + STOP,
  "an answer that a filter stopped":
    START + block(TEXT) + said("First, take") + close() + stop("refusal") + STOP,
  "an answer that the model declined": { none: "only classifiers refuse by a stop reason" },
};
