/** What was sent before, for the arrow keys. */
export interface PromptHistory {
  add(text: string): void;
  /** The one before, or undefined at the oldest; `draft` is kept for the way back. */
  older(draft: string): string | undefined;
  /** The one after, at last the kept draft; undefined when already there. */
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
