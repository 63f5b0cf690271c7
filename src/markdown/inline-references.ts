import type { Steps } from "../slices.ts";
import { type MarkdownBlock, parsingMarkdown } from "./parse-markdown.ts";

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Writes the address of each reference link (`[docs][1]`) beside its words, so that parts of a text stand alone, and removes the
 * definitions. Takes text with "\n" at the ends of lines. Linear in the text.
 */
export function* inliningReferences(text: string): Steps<string> {
  if (!text.includes("]:")) return text;
  const blocks = yield* parsingMarkdown(text, { findsLinks: false });
  const addresses = new Map(blocks.toReversed().flatMap(definitionsIn));
  const changes = blocks.flatMap((block) => changesIn(block, text, addresses));
  let inlined = "";
  let done = 0;
  for (const { from, to, text: replacement } of changes) {
    if (from < done) continue;
    inlined += text.slice(done, from) + replacement;
    done = to;
  }
  return (inlined + text.slice(done)).trimEnd();
}

const definitionsIn = (node: MarkdownBlock): readonly (readonly [string, string])[] => {
  if (node.type === "definition") return [[node.identifier, node.url]];
  return "children" in node ? node.children.toReversed().flatMap(definitionsIn) : [];
};

function changesIn(
  node: MarkdownBlock,
  text: string,
  addresses: ReadonlyMap<string, string>,
): readonly Change[] {
  const own = changeOf(node, text, addresses);
  if (own) return [own];
  if (!("children" in node)) return [];
  return node.children.flatMap((child) => changesIn(child, text, addresses));
}

function changeOf(
  node: MarkdownBlock,
  text: string,
  addresses: ReadonlyMap<string, string>,
): Change | undefined {
  const { from, to } = stretchOf(node);
  if (node.type === "definition") return { from, to: text[to] === "\n" ? to + 1 : to, text: "" };
  const url = isReference(node) ? addresses.get(node.identifier) : undefined;
  if (url === undefined) return undefined;
  const target = /[\s()<>]/.test(url) ? `<${url}>` : url;
  return { from, to, text: `${wordsOf(node, text.slice(from, to))}(${target})` };
}

const stretchOf = ({ position }: MarkdownBlock) => ({
  from: position?.start.offset ?? 0,
  to: position?.end.offset ?? 0,
});

type Reference = Extract<MarkdownBlock, { type: "linkReference" | "imageReference" }>;

const isReference = (node: MarkdownBlock): node is Reference =>
  node.type === "linkReference" || node.type === "imageReference";

/** `[words]`, without the label after them. */
const wordsOf = (node: MarkdownBlock, source: string): string =>
  isReference(node) && node.referenceType !== "shortcut"
    ? source.slice(0, source.lastIndexOf("["))
    : source;
