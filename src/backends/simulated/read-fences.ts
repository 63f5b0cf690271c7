/** A fenced part of a prompt, as `context/` writes it: `<said-5d0c93f1 …>`, its text, `</said-5d0c93f1>`, each tag on a line. */
export interface Fence {
  readonly attributes: string;
  readonly text: string;
  /** Offsets of the whole, in characters. */
  readonly from: number;
  readonly to: number;
}

const OPENING =
  /<((said|team-answer|team-remark|thread-(?:file|note|summary)|your-reply)(?:-[0-9a-z]+)?)((?: [^<>\n]*)?)>\n/g;
const CLOSING = /\n<\/([a-z-]{1,20}[0-9a-z]*)>/g;

/** The fences of these kinds, in order, none within another. Linear, however many of them are never closed. */
export function fencesIn(
  text: string,
  tags?: readonly ("said" | "team-answer")[],
): readonly Fence[] {
  const closings = readClosings(text);
  const found: Fence[] = [];
  let done = 0;
  for (const { 0: opening, 1: name = "", 2: tag, 3: attributes = "", index } of text.matchAll(
    OPENING,
  )) {
    if (index < done || tags?.every((wanted) => wanted !== tag)) continue;
    const from = index + opening.length;
    const end = closings.first(name, from);
    if (!end) continue;
    done = end.to;
    found.push({ attributes, text: text.slice(from, end.from), from: index, to: done });
  }
  return found;
}

/** The tags that close a fence. `first`: of one name, not before an offset; offsets may only grow. */
function readClosings(text: string) {
  const fromTheEnd = [...text.matchAll(CLOSING)].toReversed();
  const byName = Map.groupBy(fromTheEnd, ([, name]) => name);
  return {
    first(name: string, from: number): { readonly from: number; readonly to: number } | undefined {
      const left = byName.get(name) ?? [];
      while ((left.at(-1)?.index ?? from) < from) left.pop();
      const next = left.at(-1);
      return next && { from: next.index, to: next.index + next[0].length };
    },
  };
}

/** The text without its fences. */
export function withoutFences(text: string): string {
  let done = 0;
  const kept = fencesIn(text).map(({ from, to }) => {
    const before = text.slice(done, from);
    done = to;
    return before;
  });
  return [...kept, text.slice(done)].join("");
}
