import { MOST_NESTED } from "./flatten-nesting.ts";

/** Any node of a tree of Markdown, as far as all of them are alike. */
interface AnyNode {
  readonly type: string;
  children?: AnyNode[];
  readonly value?: string;
  readonly alt?: string | null | undefined;
  position?: { readonly start: Point; readonly end: Point } | undefined;
}
interface Point {
  offset?: number | undefined;
}

/** Levels of nodes: a list is two for each level that people see. */
const MOST_LEVELS = 2 * MOST_NESTED + 4;

/**
 * Moves the positions of blocks by `by`, and makes what nests too deep text: whoever walks down the tree may call itself for each level.
 * Walks with a stack of its own: a tree may be deeper than calls may nest.
 */
export function flattenTree(blocks: readonly AnyNode[], by: number): void {
  const stack: { readonly node: AnyNode; readonly level: number; readonly marks: number }[] =
    blocks.map((node) => ({ node, level: 0, marks: 0 }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, level } = top;
    move(node, by);
    if (!node.children) continue;
    const marks = MARKS.has(node.type) ? top.marks + 1 : top.marks;
    if (marks > MOST_NESTED || level >= MOST_LEVELS) node.children = textIn(node);
    for (const child of node.children) stack.push({ node: child, level: level + 1, marks });
  }
}

const MARKS: ReadonlySet<string> = new Set([
  "emphasis",
  "strong",
  "delete",
  "link",
  "linkReference",
]);

function move({ position }: AnyNode, by: number): void {
  for (const point of position ? [position.start, position.end] : []) {
    if (point.offset !== undefined) point.offset += by;
  }
}

/** What a node says, as children that it may have. */
function textIn(node: AnyNode): AnyNode[] {
  const said: string[] = [];
  const stack = [node];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const own = top.value ?? top.alt;
    if (own !== undefined && own !== null) said.push(own);
    stack.push(...(top.children ?? []).toReversed());
  }
  const text: AnyNode = { type: "text", value: said.join(HOLDS_BLOCKS.has(node.type) ? "\n" : "") };
  if (!HOLDS_BLOCKS.has(node.type)) return [text];
  const paragraph: AnyNode = { type: "paragraph", children: [text] };
  return node.type === "list" ? [{ type: "listItem", children: [paragraph] }] : [paragraph];
}

const HOLDS_BLOCKS: ReadonlySet<string> = new Set([
  "list",
  "listItem",
  "blockquote",
  "footnoteDefinition",
]);
