import type { MarkdownBlock } from "./parse-section.ts";
import type { Section } from "./sections.ts";

/** Adds a section's blocks to those before it. Where the cut went through a block, its halves become one again. */
export function joinBlocks(
  blocks: MarkdownBlock[],
  added: readonly MarkdownBlock[],
  { continues, from }: Section,
  text: string,
): void {
  const [first, ...rest] = added;
  const last = blocks.at(-1);
  const joined = continues && first && last && join(last, first, text, from);
  for (const block of joined ? rest : added) blocks.push(block);
}

/** Whether they were one: then the first holds both. */
function join(last: MarkdownBlock, first: MarkdownBlock, text: string, at: number): boolean {
  const gap = text.slice(
    last.position?.end.offset ?? at,
    Math.max(at, first.position?.start.offset ?? at),
  );
  if (!joinChildren(last, first, gap)) return false;
  if (last.position && first.position) last.position.end = first.position.end;
  return true;
}

function joinChildren(last: MarkdownBlock, first: MarkdownBlock, gap: string): boolean {
  if (last.type === "list") return first.type === "list" && joinLists(last, first, gap);
  if (last.type === "table" && first.type === "table") {
    // The second half was read with the header once more.
    return push(last.children, first.children.slice(1));
  }
  if (last.type === "paragraph" && first.type === "paragraph") {
    return !/\n[ \t]*\n/.test(gap) && push(last.children, [textOf(gap), ...first.children]);
  }
  if (last.type !== "html" || first.type !== "html") return false;
  last.value += gap + first.value;
  return true;
}

type List = Extract<MarkdownBlock, { type: "list" }>;

function joinLists(last: List, first: List, gap: string): boolean {
  if (last.ordered !== first.ordered) return false;
  last.spread = [last.spread, first.spread, gap.includes("\n\n")].some(Boolean);
  return push(last.children, first.children);
}

/** Blanks around a line break do not count. */
const textOf = (gap: string) => ({
  type: "text" as const,
  value: gap.includes("\n") ? gap.replaceAll(/[ \t]/g, "") : gap,
});

/** One by one: there may be more than a call takes. */
function push<T>(all: T[], added: readonly T[]): true {
  for (const one of added) all.push(one);
  return true;
}
