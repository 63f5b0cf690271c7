import { cleanLine } from "../text/clean-text.ts";
import type { FailureClass } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import { limitNotes } from "./limits-hit.ts";

const words: Readonly<Record<FailureClass, string>> = {
  rate_limit: "rate limited",
  overloaded: "overloaded",
  auth: "key refused",
  context: "prompt too long",
  bad_request: "request refused",
  timeout: "too slow",
  network: "network",
  incomplete: "answer cut off",
  refused: "declined to answer",
  no_call: "gave no usable reply",
};

/** A short description of a failure, with the backend's message cut to one line. */
export function formatFailure(failed: {
  readonly failure: FailureClass;
  readonly message: string;
}): string {
  const message = excerpt(failed.message, 80);
  return message === "" ? words[failed.failure] : `${words[failed.failure]}: ${message}`;
}

/** Explains why a turn has no answer: "All agents failed: Opus (rate limited: …); …", "No agent gave an answer. Limit reached: …". */
export function formatNoAnswer(state: TurnState): string {
  return [whoFailed(state), ...limitNotes(state)].join(" ");
}

function whoFailed(state: TurnState): string {
  const reasons = state.agents.flatMap(({ name, failed }) =>
    failed ? [`${name} (${formatFailure(failed)})`] : [],
  );
  if (reasons.length === 0) return "No agent gave an answer.";
  const who = reasons.length === state.agents.length ? "All agents failed" : "No answer";
  return `${who}: ${reasons.join("; ")}.`;
}

/** Who stopped a turn whose question or thread was deleted. */
export const byDeletionOf = (what: "question" | "thread"): string => `deleted ${what}`;

/** "stopped by Ada", or "stopped because the question was deleted". Older journals say "the deletion of the question". */
export function formatStop(by: string): string {
  const deleted = /^(?:deleted|the deletion of the) (question|thread)$/.exec(by)?.[1];
  return deleted === undefined ? `stopped by ${by}` : `stopped because the ${deleted} was deleted`;
}

/** The start of untrusted text, on one line, cut to `length` UTF-16 code units. */
export function excerpt(text: string, length: number): string {
  const line = cleanLine(text);
  if (line.length <= length) return line;
  return `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
