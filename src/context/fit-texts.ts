import { cutMiddle } from "./cut-middle.ts";
import { estimateText } from "./estimate.ts";

const MARKER_TOKENS = 16;

/**
 * Fits texts into `room` estimated tokens in total, in order. Texts below an equal share stay whole; the others share the rest and are cut in
 * the middle, but each gets at least `least`.
 */
export function fitTexts<T extends { readonly text: string }>(
  items: readonly T[],
  room: number,
  least = 0,
): readonly T[] {
  const bySize = items
    .map((item, at) => ({ item, at, size: estimateText(item.text) + MARKER_TOKENS }))
    .toSorted((a, b) => a.size - b.size);
  let left = Math.max(0, room);
  const fitted = bySize.map(({ item, at, size }, rank) => {
    const share = Math.min(size, left / (bySize.length - rank));
    left -= share;
    return {
      at,
      item: share < size ? shorten(item, Math.max(least, share - MARKER_TOKENS)) : item,
    };
  });
  return fitted.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
}

const shorten = <T extends { readonly text: string }>(item: T, tokens: number): T => ({
  ...item,
  text: cutMiddle(item.text, Math.max(0, Math.floor(tokens * 4))),
});
