import type { BackendEvent, TokenUsage } from "../../../src/backends/backend.ts";
import type { FailureClass } from "../../../src/coordination/turn-event.ts";

/** What a reply must come to, whatever its form. */
export interface Outcome {
  readonly text?: string;
  readonly thinking?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly finish?: Extract<BackendEvent, { type: "done" }>["finish"];
  readonly usage?: Partial<TokenUsage>;
  readonly declinedBy?: "model" | "filter";
  /** The call fails like this. */
  readonly failure?: FailureClass;
}

const vote = { name: "vote", arguments: { reason: "a" } };
const answer = { name: "new_answer", arguments: { content: "b" } };
const counted = { input: 90, output: 5 };

/** The kinds of replies of real servers that differ from the documentation, and what each comes to. */
export const KINDS = {
  "a text that begins in the event that opens it": { text: "Do NOT restart the server." },
  "a text that is whole in the event that opens it": { text: "Do NOT restart the server." },
  "pieces, and the whole text once more": { text: "It is 42." },
  "a text in the last event alone": { text: "It is 42." },
  "one JSON body instead of a stream": { text: "It is 42.", finish: "stop", usage: counted },
  "one JSON body with a call": { calls: [vote], finish: "tool" },
  "one JSON body with an end mark behind it": { text: "It is 42." },
  "no finish reason before the end mark": { text: "It is 42", finish: "stop" },
  "neither finish reason nor end mark behind a sentence": { text: "It is 42.", finish: "stop" },
  "an end in mid-sentence without a finish reason": { failure: "incomplete" },
  "an end in a code block without a finish reason": { failure: "incomplete" },
  "a call without a finish reason before the end mark": { calls: [vote], finish: "tool" },
  "a finish reason in every piece": { text: "It is 42.", finish: "stop" },
  "pieces that each repeat the text so far": { text: "It is forty-two, of course." },
  "two calls side by side": { calls: [vote, answer], finish: "tool" },
  "a call that comes whole": { calls: [vote], finish: "tool" },
  "arguments that are an object": { calls: [vote] },
  "a call without arguments": { calls: [{ name: "vote", arguments: {} }], finish: "tool" },
  "a call that is never closed": { calls: [vote], finish: "tool" },
  "a call whose name comes late": { calls: [vote] },
  "a call without number, id and type": { calls: [vote] },
  "a call that comes twice": { calls: [vote] },
  "an empty object before the arguments": { calls: [vote] },
  "null in every field that may be missing": { text: "It is 42.", calls: [vote] },
  "numbers that are strings": { text: "It is 42.", usage: counted },
  "events and fields that nobody knows": { text: "It is 42." },
  "events that nobody needs left out": { text: "It is 42." },
  "content in parts": { text: "It is 42." },
  "thoughts in a field of their own": { text: "It is 42.", thinking: "Six sevens." },
  "thoughts in the text": { text: "It is 42.", thinking: "Six sevens." },
  "thoughts in the text of which only the end is marked": {
    text: "It is 42.",
    thinking: "Six sevens.",
  },
  "gpt-oss's channels in the text": { text: "It is 42.", thinking: "Six sevens." },
  "thoughts alone": { text: "", thinking: "Six sevens." },
  "end marks in the text": { text: "It is 42." },
  "a call in the text": { text: "", calls: [vote], finish: "tool" },
  "a name before the text": { text: "It is 42." },
  "code about such marks": { text: "Use `<think>`:\n```\n<|im_end|></think>\n```" },
  "an answer that the limit cut": { text: "It is for", finish: "length" },
  "an answer that a filter stopped": { finish: "refusal", declinedBy: "filter" },
  "an answer that the model declined": { finish: "refusal", declinedBy: "model" },
} as const satisfies Readonly<Record<string, Outcome>>;

export type Kind = keyof typeof KINDS;

/** The bytes of each kind; a reason where the format has nothing of that kind. */
export type Bodies = Readonly<Record<Kind, string | { readonly none: string }>>;
