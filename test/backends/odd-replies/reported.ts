import { frame } from "../../servers/model-wire.ts";
import type { BackendName } from "./backends.ts";
import type { Outcome } from "./kinds.ts";

/** A public report, the bytes that it shows or describes, and what they must come to. */
export interface Reported {
  readonly report: string;
  readonly backend: BackendName;
  readonly body: string;
  readonly outcome: Outcome;
}

export const chat = (...deltas: readonly object[]) =>
  deltas.map((delta) => frame({ choices: [{ index: 0, delta }] })).join("");
export const end = (finish_reason: string | null = "stop") =>
  frame({ choices: [{ index: 0, delta: {}, finish_reason }] }) + "data: [DONE]\n\n";
export const texts = (...contents: readonly string[]) =>
  chat(...contents.map((content) => ({ content })));
export const named = (type: string, fields: object = {}) => frame({ type, ...fields }, type);
export const gemini = (text: string, more: object = {}) =>
  frame({ candidates: [{ content: { parts: [{ text }] }, ...more }] });
export const claude = (...events: readonly string[]) =>
  [named("message_start", { message: { usage: { input_tokens: 9 } } }), ...events].join("");
export const claudeEnd =
  named("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 76 } }) +
  named("message_stop");
export const answered = (text: string, more: Partial<Outcome> = {}): Outcome => ({
  text,
  finish: "stop",
  ...more,
});
