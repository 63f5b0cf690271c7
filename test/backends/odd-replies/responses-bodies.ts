import { markedTexts } from "./marked-texts.ts";
import { frame } from "../../servers/model-wire.ts";
import type { Bodies } from "./kinds.ts";

const event = (type: string, fields: object = {}) =>
  frame({ type: `response.${type}`, ...fields }, `response.${type}`);
const said = (...texts: readonly string[]) =>
  texts
    .map((delta) => event("output_text.delta", { output_index: 0, content_index: 0, delta }))
    .join("");
const message = (text: string) => ({
  type: "message",
  id: "m1",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
});
const done = (response: object = {}) =>
  event("completed", { response: { status: "completed", output: [], ...response } });
const VOTE = {
  type: "function_call",
  id: "f1",
  call_id: "c1",
  name: "vote",
  arguments: '{"reason":"a"}',
};
const ANSWER = {
  type: "function_call",
  id: "f2",
  call_id: "c2",
  name: "new_answer",
  arguments: '{"content":"b"}',
};
const started = (item: object, output_index = 0) =>
  event("output_item.added", { output_index, item: { ...item, arguments: "" } });
const args = (delta: unknown, output_index = 0) =>
  event("function_call_arguments.delta", { output_index, delta });
const whole = (output: readonly unknown[]) => ({
  id: "r",
  object: "response",
  status: "completed",
  output,
  usage: { input_tokens: 90, output_tokens: 5 },
});
const textual = (text: string) => said(...(text.match(/[^]{1,4}/g) ?? [])) + done();
const DONE = "data: [DONE]\n\n";

/** The Responses API of OpenAI's proxies, vLLM, LM Studio, LiteLLM, new-api and others. */
export const responsesBodies: Bodies = {
  "a text that begins in the event that opens it":
    event("content_part.added", {
      output_index: 0,
      content_index: 0,
      part: { type: "output_text", text: "Do NOT " },
    }) +
    said("restart the server.") +
    done(),
  "a text that is whole in the event that opens it":
    event("output_item.added", { output_index: 0, item: message("Do NOT restart the server.") }) +
    done(),
  "pieces, and the whole text once more":
    said("It is ", "42.") +
    event("output_text.done", { output_index: 0, content_index: 0, text: "It is 42." }) +
    event("content_part.done", {
      output_index: 0,
      part: { type: "output_text", text: "It is 42." },
    }) +
    event("output_item.done", { output_index: 0, item: message("It is 42.") }) +
    done({ output: [{ type: "reasoning", summary: [] }, message("It is 42.")] }),
  "a text in the last event alone":
    event("created", { response: { output: [] } }) + done({ output: [message("It is 42.")] }),
  "one JSON body instead of a stream": JSON.stringify(whole([message("It is 42.")]), null, 2),
  "one JSON body with a call": JSON.stringify(whole([VOTE])),
  "one JSON body with an end mark behind it": `${JSON.stringify(whole([message("It is 42.")]))}\n\ndata: [DONE]\n\n`,
  "no finish reason before the end mark": said("It is ", "42") + DONE,
  "neither finish reason nor end mark behind a sentence": said("It is ", "42."),
  "an end in mid-sentence without a finish reason": said("It is ", "for"),
  "an end in a code block without a finish reason": said("```js\n", "run();"),
  "a call without a finish reason before the end mark":
    event("output_item.done", { item: VOTE }) + DONE,
  "a finish reason in every piece": { none: "only the last event has a status" },
  "pieces that each repeat the text so far":
    said("It is", "It is forty-two", "It is forty-two, of", "It is forty-two, of course.") + done(),
  "two calls side by side":
    started(VOTE) +
    started(ANSWER, 1) +
    args(ANSWER.arguments, 1) +
    args(VOTE.arguments) +
    done({ output: [VOTE, ANSWER] }),
  "a call that comes whole": event("output_item.done", { output_index: 0, item: VOTE }) + done(),
  "arguments that are an object":
    event("output_item.done", { item: { ...VOTE, arguments: { reason: "a" } } }) + done(),
  "a call without arguments":
    event("output_item.done", { item: { ...VOTE, arguments: undefined } }) + done(),
  "a call that is never closed": started(VOTE) + args('{"reason"') + args(':"a"}') + done(),
  "a call whose name comes late":
    args('{"reason"') +
    args(':"a"}') +
    event("output_item.done", { output_index: 0, item: VOTE }) +
    done(),
  "a call without number, id and type":
    event("output_item.added", { item: { type: "function_call", name: "vote" } }) +
    event("function_call_arguments.delta", { delta: '{"reason"' }) +
    event("function_call_arguments.delta", { delta: ':"a"}' }) +
    done(),
  "a call that comes twice":
    started(VOTE) +
    args(VOTE.arguments) +
    event("function_call_arguments.done", { output_index: 0, arguments: VOTE.arguments }) +
    event("output_item.done", { output_index: 0, item: VOTE }) +
    done({ output: [{ type: "reasoning" }, VOTE] }),
  "an empty object before the arguments":
    event("output_item.added", { output_index: 0, item: { ...VOTE, arguments: "{}" } }) +
    args(VOTE.arguments) +
    done(),
  "null in every field that may be missing":
    event("output_item.added", {
      output_index: null,
      item: { type: "message", phase: null, content: null, id: null },
    }) +
    event("output_text.delta", {
      output_index: null,
      item_id: null,
      delta: "It is 42.",
      logprobs: null,
    }) +
    event("output_text.done", { text: null }) +
    event("output_item.done", { output_index: 1, item: { ...VOTE, id: null, status: null } }) +
    event("completed", {
      response: { status: null, output: null, usage: null, error: null, incomplete_details: null },
    }),
  "numbers that are strings":
    said("It is 42.") + done({ usage: { input_tokens: "90", output_tokens: "5" } }),
  "events and fields that nobody knows":
    event("queued", { position: 3 }) +
    event("output_text.delta", { output_index: 0, delta: "It is 42.", obfuscation: "xyz" }) +
    event("output_text.annotation.added", { annotation: {} }) +
    frame({ type: "x.telemetry", response: 7 }) +
    done(),
  "events that nobody needs left out":
    frame({ delta: "It is 42." }, "response.output_text.delta") +
    frame({ response: {} }, "response.completed"),
  "content in parts":
    event("output_item.done", {
      item: {
        type: "message",
        content: [
          { type: "output_text", text: "It is " },
          { type: "output_text", text: "42." },
        ],
      },
    }) + done(),
  "thoughts in a field of their own":
    event("reasoning_text.delta", { delta: "Six " }) +
    event("reasoning_text.delta", { delta: "sevens." }) +
    said("It is 42.") +
    done(),
  ...markedTexts(textual),
  "an answer that the limit cut":
    said("It is for") +
    event("incomplete", { response: { incomplete_details: { reason: "max_output_tokens" } } }),
  "an answer that a filter stopped":
    said("First, take") +
    event("incomplete", { response: { incomplete_details: { reason: "content_filter" } } }),
  "an answer that the model declined":
    event("refusal.delta", { delta: "I can't help with that." }) + done(),
};
