import { BackendError } from "../backend.ts";
import type { ReadPrompt } from "./read-prompt.ts";

/** A simulated provider with outages. */
export interface Outage {
  /**
   * Throws during an outage. On a thread's first question: one transient failure, then a permanent one. On later questions: one transient failure
   * per answer.
   */
  strike(prompt: ReadPrompt): void;
}

// The number of prompts whose tries are remembered; far more than run at once.
const REMEMBERED = 256;

export function createOutage(): Outage {
  const tries = new Map<string, number>();
  const count = (key: string): number => {
    const times = (tries.get(key) ?? 0) + 1;
    tries.delete(key);
    tries.set(key, times);
    const [oldest] = tries.keys();
    if (tries.size > REMEMBERED && oldest !== undefined) tries.delete(oldest);
    return times;
  };
  return {
    strike(prompt) {
      if (prompt.kind !== "answer") return;
      const isFirst = prompt.finals.length === 0;
      const times = count(JSON.stringify([prompt.statements, prompt.finals.length]));
      if (times % 2 === 1) {
        throw new BackendError("overloaded", "A simulated outage: this agent's provider is down.");
      }
      if (isFirst) {
        throw new BackendError("overloaded", "The simulated outage goes on.", { passing: false });
      }
    },
  };
}
