import type { Thread } from "../../../src/adapter-kit/own-threads/thread.ts";
import { untyped } from "./pasted.ts";

/** Earlier input for the arrow keys, each as `unfold` returns it. */
export interface PromptHistory {
  add(text: string): void;
  /** The previous entry; undefined at the oldest. `draft` is restored by `newer`. */
  older(draft: string): string | undefined;
  /** The next entry, or finally the draft; undefined: already there. */
  newer(): string | undefined;
}

export function createPromptHistory(entries: readonly string[]): PromptHistory {
  const sent = [...entries];
  let at = sent.length;
  let kept = "";
  return {
    add(text) {
      if (sent.at(-1) !== text) sent.push(text);
      at = sent.length;
    },
    older(draft) {
      if (at === 0) return undefined;
      if (at === sent.length) kept = draft;
      return sent[--at];
    },
    newer() {
      if (at >= sent.length) return undefined;
      at++;
      return at === sent.length ? kept : sent[at];
    },
  };
}

/** The history of what the person wrote in a thread. */
export const historyOf = (thread: Thread | undefined): PromptHistory =>
  createPromptHistory(
    (thread?.messages() ?? [])
      .filter(({ author }) => author.kind === "person")
      .map((m) => untyped(m.text)),
  );
