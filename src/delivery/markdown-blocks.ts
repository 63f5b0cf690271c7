import { type MarkdownBlock, parsingMarkdown } from "../markdown/parse-markdown.ts";
import type { Steps } from "../slices.ts";

/** A top-level Markdown block, with its source. */
export interface Block {
  readonly kind: "fence" | "table" | "list" | "quote" | "heading" | "prose" | "other";
  readonly source: string;
  /** The text between the previous block and this one. */
  readonly gap: string;
  /** For lists; `number`: of an item in an ordered one. */
  readonly items: readonly {
    readonly source: string;
    readonly gap: string;
    readonly number: number | undefined;
  }[];
  /** For prose: the offsets of white space in plain text. */
  readonly cuts: () => ReadonlySet<number>;
}

/** `source` without leading and trailing white space. */
export function* parsingBlocks(source: string): Steps<Block[]> {
  const blocks = yield* parsingMarkdown(source, { findsLinks: false });
  return spans(blocks, source).map(({ node, from, to, gap }) => ({
    kind: kinds[node.type] ?? "other",
    source: source.slice(from, to),
    gap,
    items:
      node.type === "list"
        ? spans(node.children, source).map((item, i) => ({
            source: source.slice(item.from, item.to),
            gap: i === 0 ? gap : item.gap,
            number: isUncounted(node, source) ? (node.start ?? 1) + i : undefined,
          }))
        : [],
    cuts: () => ("children" in node ? plainBlanks(node.children, source, from) : new Set()),
  }));
}

/** All its items have the same number: readers of Markdown count themselves. */
function isUncounted(
  { children, ordered }: Extract<MarkdownBlock, { type: "list" }>,
  source: string,
) {
  const [first, second] = children.slice(0, 2).map(({ position }) => {
    const at = position?.start.offset ?? 0;
    return /^\d+/.exec(source.slice(at, at + 9))?.[0];
  });
  return ordered === true && first !== undefined && first === second;
}

const kinds: Readonly<Partial<Record<MarkdownBlock["type"], Block["kind"]>>> = {
  code: "fence",
  table: "table",
  list: "list",
  blockquote: "quote",
  heading: "heading",
  paragraph: "prose",
};

/** The nodes' ranges, from the start of their first line, so that its indent is included. */
function spans<N extends MarkdownBlock>(nodes: readonly N[], source: string) {
  let end = 0;
  return nodes.map((node) => {
    const start = node.position?.start.offset ?? end;
    const from = Math.max(end, source.lastIndexOf("\n", start - 1) + 1);
    const to = Math.max(from, node.position?.end.offset ?? from);
    const gap = source.slice(end, from);
    end = to;
    return { node, from, to, gap };
  });
}

function plainBlanks(
  nodes: readonly { type: string; position?: MarkdownBlock["position"] }[],
  source: string,
  from: number,
): ReadonlySet<number> {
  const blanks = new Set<number>();
  for (const { type, position } of nodes) {
    if (type !== "text" || !position) continue;
    for (let at = position.start.offset ?? 0; at < (position.end.offset ?? 0); at++) {
      if (/\s/.test(source[at] ?? "")) blanks.add(at - from);
    }
  }
  return blanks;
}
