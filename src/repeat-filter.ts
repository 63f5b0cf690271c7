import { createBoundedMap } from "./bounded-map.ts";

export interface RepeatFilterOptions {
  /** How long a text is held back after it was let through, ms. */
  readonly periodMs: number;
  /** How many different texts to remember. */
  readonly max: number;
  /** ms; only differences matter. */
  readonly now: () => number;
}

/**
 * Lets the same text through once per period. The function returns how often the text was held back since it was last let through;
 * undefined: it is held back now.
 */
export function createRepeatFilter({ periodMs, max, now }: RepeatFilterOptions) {
  const texts = createBoundedMap<string, { readonly at: number; heldBack: number }>(max);
  return (text: string): number | undefined => {
    const last = texts.get(text);
    if (last && now() - last.at < periodMs) {
      last.heldBack++;
      return undefined;
    }
    texts.set(text, { at: now(), heldBack: 0 });
    return last?.heldBack ?? 0;
  };
}
