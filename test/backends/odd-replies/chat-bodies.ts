import { markedTexts } from "./marked-texts.ts";
import { frame } from "../../servers/model-wire.ts";
import type { Bodies } from "./kinds.ts";

const chunk = (...choices: readonly unknown[]) =>
  frame({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices });
const delta = (fields: unknown, more: object = {}) => chunk({ index: 0, delta: fields, ...more });
const said = (...texts: readonly string[]) => texts.map((content) => delta({ content })).join("");
const stop = (reason = "stop") => delta({}, { finish_reason: reason });
const piece = (...calls: readonly unknown[]) => delta({ tool_calls: calls });
const DONE = "data: [DONE]\n\n";
const VOTE = { name: "vote", arguments: '{"reason":"a"}' };
const ANSWER = { name: "new_answer", arguments: '{"content":"b"}' };
const usage = { prompt_tokens: 90, completion_tokens: 5, total_tokens: 95 };
const completion = (message: unknown, reason = "stop") => ({
  id: "c",
  object: "chat.completion",
  choices: [{ index: 0, message, finish_reason: reason }],
  usage,
});
const textual = (text: string) => said(...(text.match(/[^]{1,4}/g) ?? [])) + stop() + DONE;

/** Chat Completions of vLLM, SGLang, llama.cpp, Ollama, LM Studio, OpenRouter, LiteLLM, one-api, new-api and others. */
export const chatBodies: Bodies = {
  "a text that begins in the event that opens it":
    delta({ role: "assistant", content: "Do NOT " }) + said("restart the server.") + stop() + DONE,
  "a text that is whole in the event that opens it":
    delta({ role: "assistant", content: "Do NOT restart the server." }, { finish_reason: "stop" }) +
    DONE,
  "pieces, and the whole text once more":
    said("It is ", "42.") +
    frame({
      choices: [
        { index: 0, message: { role: "assistant", content: "It is 42." }, finish_reason: "stop" },
      ],
    }) +
    DONE,
  "a text in the last event alone":
    delta({ role: "assistant" }) +
    chunk({
      index: 0,
      message: { role: "assistant", content: "It is 42." },
      finish_reason: "stop",
    }) +
    DONE,
  "one JSON body instead of a stream": JSON.stringify(
    completion({ role: "assistant", content: "It is 42." }),
    null,
    2,
  ),
  "one JSON body with a call": JSON.stringify(
    completion(
      { content: null, tool_calls: [{ id: "1", type: "function", function: VOTE }] },
      "tool_calls",
    ),
  ),
  "one JSON body with an end mark behind it": `${JSON.stringify(completion({ content: "It is 42." }), null, 2)}\ndata: [DONE]\n\n`,
  "no finish reason before the end mark": said("It is ", "42") + DONE,
  "neither finish reason nor end mark behind a sentence": said("It is ", "42."),
  "an end in mid-sentence without a finish reason": said("It is ", "for"),
  "an end in a code block without a finish reason": said("```js\n", "run();"),
  "a call without a finish reason before the end mark":
    piece({ index: 0, id: "1", function: VOTE }) + DONE,
  "a finish reason in every piece":
    delta({ reasoning_content: "Hm." }, { finish_reason: "stop" }) +
    delta({ content: "It is " }, { finish_reason: "stop" }) +
    delta({ content: "42." }, { finish_reason: "stop" }),
  "pieces that each repeat the text so far":
    said("It is", "It is forty-two", "It is forty-two, of", "It is forty-two, of course.") +
    stop() +
    DONE,
  "two calls side by side":
    piece(
      { index: 0, id: "1", function: { name: "vote", arguments: "" } },
      { index: 1, id: "2", function: { name: "new_answer", arguments: "" } },
    ) +
    piece(
      { index: 1, function: { arguments: ANSWER.arguments } },
      { index: 0, function: { arguments: VOTE.arguments } },
    ) +
    stop("tool_calls"),
  "a call that comes whole":
    piece({ index: 0, id: "1", type: "function", function: VOTE }) + stop("tool_calls") + DONE,
  "arguments that are an object":
    piece({ index: 0, id: "1", function: { name: "vote", arguments: { reason: "a" } } }) +
    stop() +
    DONE,
  "a call without arguments":
    piece({ index: 0, id: "1", function: { name: "vote" } }) + stop("tool_calls"),
  "a call that is never closed":
    piece({ index: 0, id: "1", function: { name: "vote", arguments: '{"reason"' } }) +
    piece({ index: 0, function: { arguments: ':"a"}' } }) +
    DONE,
  "a call whose name comes late":
    piece({ index: 0, id: "1", function: { arguments: '{"reason"' } }) +
    piece({ index: 0, function: { name: "vo", arguments: "" } }) +
    piece({ index: 0, function: { name: "te", arguments: ':"a"}' } }) +
    stop("tool_calls"),
  "a call without number, id and type":
    piece({ function: { name: "vote", arguments: '{"reason"' } }) +
    piece({ function: { arguments: ':"a"}' } }) +
    stop("tool_calls"),
  "a call that comes twice":
    piece({ index: 0, id: "1", function: { name: "vote", arguments: '{"reason"' } }) +
    piece({ index: 0, id: "1", function: { name: "vote", arguments: ':"a"}' } }) +
    piece({ index: 0, id: "1", function: VOTE }) +
    stop("tool_calls"),
  "an empty object before the arguments":
    piece({ index: 0, id: "1", function: { name: "vote", arguments: "{}" } }) +
    piece({ index: 0, function: { arguments: VOTE.arguments } }) +
    stop("tool_calls"),
  "null in every field that may be missing":
    frame({ id: null, choices: null, usage: null }) +
    delta(
      {
        role: null,
        content: "It is 42.",
        tool_calls: null,
        reasoning_content: null,
        refusal: null,
        function_call: null,
      },
      { finish_reason: null, logprobs: null },
    ) +
    delta({
      content: null,
      tool_calls: [{ index: 0, id: null, type: null, function: { name: "vote", arguments: null } }],
    }) +
    delta({
      content: null,
      tool_calls: [{ index: 0, id: null, function: { name: null, arguments: VOTE.arguments } }],
    }) +
    chunk({ index: 0, delta: null, finish_reason: "stop" }) +
    DONE,
  "numbers that are strings":
    said("It is 42.") +
    chunk({ index: "0", delta: {}, finish_reason: "stop" }) +
    frame({ choices: [], usage: { prompt_tokens: "90", completion_tokens: "5" } }) +
    DONE,
  "events and fields that nobody knows":
    frame({ object: "ping", status: "queued" }) +
    delta(
      { content: "It is 42.", emotion: { mood: "calm" }, provider_specific_fields: null },
      { token_ids: [1] },
    ) +
    frame({ type: "x.telemetry", choices: "none" }) +
    stop() +
    DONE,
  "events that nobody needs left out":
    frame({ choices: [{ delta: { content: "It is 42." } }] }) +
    frame({ choices: [{ finish_reason: "stop" }] }),
  "content in parts":
    delta({ content: [{ type: "thinking", thinking: [] }] }) +
    delta({
      content: [
        { type: "text", text: "It is " },
        { type: "text", text: "42." },
      ],
    }) +
    stop() +
    DONE,
  "thoughts in a field of their own":
    delta({ reasoning: "Six ", reasoning_details: [{ type: "reasoning.text", text: "Six " }] }) +
    delta({
      reasoning_details: [
        { type: "reasoning.text", text: "sevens." },
        { type: "reasoning.encrypted", data: "x" },
      ],
    }) +
    said("It is 42.") +
    stop() +
    DONE,
  ...markedTexts(textual),
  "an answer that the limit cut": said("It is for") + stop("length") + DONE,
  "an answer that a filter stopped": said("First, take") + stop("content_filter") + DONE,
  "an answer that the model declined":
    delta({ refusal: "I can't help with that." }) + stop() + DONE,
};
