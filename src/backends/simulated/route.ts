import type { BackendRequest } from "../backend.ts";
import { findAnswers } from "./find/find-answer.ts";
import type { ReadPrompt } from "./read-prompt.ts";
import type { Finding } from "./search.ts";

const PLAIN: ReadonlySet<Finding["kind"]> = new Set(["sum", "noted", "earlier"]);

/** A router's prompt has no tools and wants a mode. */
export const asksForRoute = ({ tools, messages }: BackendRequest): boolean =>
  tools.length === 0 &&
  (messages.at(-1)?.parts ?? []).some((part) => part.type === "text" && /"mode"/.test(part.text));

/** Calculations and plain statements need no team. */
export function route(prompt: ReadPrompt): string {
  const plain = findAnswers(prompt, 0).every(({ kind }) => PLAIN.has(kind));
  return JSON.stringify(
    plain
      ? { mode: "solo", reason: "simulated: nothing to argue about" }
      : { mode: "team", reason: "simulated: several views may help" },
  );
}
