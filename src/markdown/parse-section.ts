import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { cjkEmphasis } from "./cjk-emphasis.ts";
import { flattenTree } from "./flatten-tree.ts";
import { closes, lineAt } from "./regions.ts";
import type { Section } from "./sections.ts";

/** A block of a Markdown text, or what stands at its top level. */
export type MarkdownBlock = ReturnType<typeof fromMarkdown>["children"][number];
type BlockOf<T extends MarkdownBlock["type"]> = Extract<MarkdownBlock, { type: T }>;

export interface ParseOptions {
  /** Finds addresses in plain text too, which leaves nodes without positions behind. */
  readonly findsLinks: boolean;
}

/** The blocks of a section, with their positions in the whole text. `definitions` are what its references need. */
export function parseSection(
  text: string,
  section: Section,
  definitions: string,
  options: ParseOptions,
): readonly MarkdownBlock[] {
  if (section.kind === "code") return [parseCode(text, section)];
  const lead = section.isWithinLine ? STAND_IN : section.lead;
  // Ahead of it: an open comment would swallow them.
  const before = definitions === "" ? "" : `${definitions}\n\n`;
  const blocks = parse(before + lead + text.slice(section.from, section.to), options);
  const own = blocks.filter(({ position }) => (position?.start.offset ?? 0) >= before.length);
  if (section.lead !== "" && own[0]?.type !== "table") {
    return parseSection(text, { ...section, lead: "" }, definitions, options);
  }
  flattenTree(own, section.from - lead.length - before.length);
  if (section.isWithinLine) removeStandIn(own[0]);
  return own;
}

/** Stands for the part of the line before a section, so that no block begins in the middle of a line. */
const STAND_IN = "x";

function removeStandIn(block: MarkdownBlock | undefined): void {
  const first = block?.type === "paragraph" ? block.children[0] : undefined;
  if (block?.position) block.position.start = pointAt((block.position.start.offset ?? 0) + 1);
  if (first?.type !== "text") return;
  first.value = first.value.slice(STAND_IN.length);
  if (first.position) first.position.start = pointAt((first.position.start.offset ?? 0) + 1);
}

const parse = (source: string, { findsLinks }: ParseOptions): readonly MarkdownBlock[] =>
  fromMarkdown(source, {
    // One tilde means "about": "10~20 and 30~40" strikes nothing out.
    extensions: [gfm({ singleTilde: false }), cjkEmphasis()],
    mdastExtensions: gfmFromMarkdown().map((extension) =>
      findsLinks ? extension : { ...extension, transforms: [] },
    ),
  }).children;

/** A code block is read line by line: a parser of Markdown takes far longer, and finds the same. */
function parseCode(text: string, { from, to }: Section): BlockOf<"code"> {
  const opening = lineAt(text, from);
  const [, indent = "", marks = ""] = /^( *)(`+|~+)/.exec(opening) ?? [];
  const [model] = parse(`${opening}\n${marks}`, { findsLinks: false });
  const lines = text.slice(from, to).replace(/\n$/, "").split("\n").slice(1);
  const isClosed = closes(lines.at(-1) ?? "", { marks });
  const inner = isClosed ? lines.slice(0, -1) : lines;
  const value = inner.map((line) => line.replace(new RegExp(`^ {0,${indent.length}}`), ""));
  const end = text[to - 1] === "\n" ? to - 1 : to;
  return {
    ...(model?.type === "code" ? model : { type: "code" as const }),
    value: value.join("\n").replaceAll("\0", "\uFFFD"),
    position: { start: pointAt(from + indent.length), end: pointAt(end) },
  };
}

/** Lines and columns are not counted: only offsets are used. */
const pointAt = (offset: number) => ({ line: 1, column: 1, offset });
