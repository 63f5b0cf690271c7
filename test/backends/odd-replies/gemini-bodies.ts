import { markedTexts } from "./marked-texts.ts";
import { frame } from "../../servers/model-wire.ts";
import type { Bodies } from "./kinds.ts";

const usageMetadata = { promptTokenCount: 90, candidatesTokenCount: 5 };
const candidate = (parts: readonly unknown[], more: object = {}) => ({
  candidates: [{ index: 0, content: { role: "model", parts }, ...more }],
  usageMetadata,
});
const parts = (...list: readonly unknown[]) => frame(candidate(list));
const said = (...texts: readonly string[]) => texts.map((text) => parts({ text })).join("");
const stop = (finishReason: unknown = "STOP") =>
  frame({ candidates: [{ content: { parts: [] }, finishReason }] });
const VOTE = { functionCall: { name: "vote", args: { reason: "a" } } };
const ANSWER = { functionCall: { name: "new_answer", args: { content: "b" } } };
const DONE = "data: [DONE]\n\n";
const textual = (text: string) => said(...(text.match(/[^]{1,4}/g) ?? [])) + stop();
const NO_PIECES = { none: "arguments come whole on this wire" };

/** Gemini's API, as Google, Vertex and their gateways serve it. */
export const geminiBodies: Bodies = {
  "a text that begins in the event that opens it": said("Do NOT ", "restart the server.") + stop(),
  "a text that is whole in the event that opens it": frame(
    candidate([{ text: "Do NOT restart the server." }], { finishReason: "STOP" }),
  ),
  "pieces, and the whole text once more":
    said("It is ", "42.") + frame(candidate([{ text: "It is 42." }], { finishReason: "STOP" })),
  "a text in the last event alone":
    frame({ usageMetadata }) + frame(candidate([{ text: "It is 42." }], { finishReason: "STOP" })),
  "one JSON body instead of a stream": JSON.stringify(
    candidate([{ text: "It is 42." }], { finishReason: "STOP" }),
    null,
    2,
  ),
  "one JSON body with a call": JSON.stringify(
    [candidate([VOTE]), candidate([], { finishReason: "STOP" })],
    null,
    2,
  ),
  "one JSON body with an end mark behind it": `${JSON.stringify([candidate([{ text: "It is " }]), candidate([{ text: "42." }], { finishReason: "STOP" })])}\ndata: [DONE]\n\n`,
  "no finish reason before the end mark": said("It is ", "42") + DONE,
  "neither finish reason nor end mark behind a sentence": said("It is ", "42."),
  "an end in mid-sentence without a finish reason": said("It is ", "for"),
  "an end in a code block without a finish reason": said("```js\n", "run();"),
  "a call without a finish reason before the end mark": parts(VOTE) + DONE,
  "a finish reason in every piece":
    frame(candidate([{ text: "It is " }], { finishReason: "STOP" })) +
    frame(candidate([{ text: "42." }], { finishReason: "STOP" })),
  "pieces that each repeat the text so far":
    said("It is", "It is forty-two", "It is forty-two, of", "It is forty-two, of course.") + stop(),
  "two calls side by side": parts(VOTE, ANSWER) + stop(),
  "a call that comes whole": parts(VOTE) + stop(),
  "arguments that are an object":
    parts({ functionCall: { name: "vote", args: '{"reason":"a"}' } }) + stop(),
  "a call without arguments": parts({ functionCall: { name: "vote", args: null } }) + stop(),
  "a call that is never closed": NO_PIECES,
  "a call whose name comes late": NO_PIECES,
  "a call without number, id and type":
    parts({ function_call: { name: "vote", args: { reason: "a" } } }) + stop(),
  "a call that comes twice": parts(VOTE) + frame(candidate([VOTE], { finishReason: "STOP" })),
  "an empty object before the arguments": NO_PIECES,
  "null in every field that may be missing":
    frame({ candidates: null, promptFeedback: null, usageMetadata: null }) +
    parts({ text: "It is 42.", thought: null, functionCall: null, thoughtSignature: null }) +
    parts({ text: null, ...VOTE }) +
    frame({ candidates: [{ content: null, finishReason: "STOP", finishMessage: null }] }),
  "numbers that are strings":
    frame({
      candidates: [{ content: { parts: [{ text: "It is 42.", thought: "false" }] } }],
      usageMetadata: { promptTokenCount: "90", candidatesTokenCount: "5" },
    }) + stop(1),
  "events and fields that nobody knows":
    frame({ telemetry: true }) +
    parts({ text: "It is 42.", mood: {} }, { executableCode: { code: "1" } }, { toolCall: {} }) +
    frame({ candidates: "none" }) +
    stop(),
  "events that nobody needs left out": frame({
    candidates: [{ content: { parts: [{ text: "It is 42." }] }, finishReason: "STOP" }],
  }),
  "content in parts": parts({ text: "It is " }, { text: "42." }) + stop(),
  "thoughts in a field of their own":
    parts({ text: "Six ", thought: true }) +
    parts({ text: "sevens.", thought: true }, { text: "It is 42." }) +
    stop(),
  ...markedTexts(textual),
  "end marks in the text": textual("It is 42.<end_of_turn>\n<start_of_turn>user\nThanks!"),
  "an answer that the limit cut": said("It is for") + stop("MAX_TOKENS"),
  "an answer that a filter stopped": said("First, take") + stop("SAFETY"),
  "an answer that the model declined": { none: "only filters end a reply by a reason" },
};
