import type { MarkdownBlock as Node } from "../../../../src/markdown/parse-markdown.ts";
import { showCode, type TextFile } from "./code.ts";
import { type InlineOptions, showBold, showInline } from "./inline.ts";
import { shownHtml } from "./runs.ts";
import { tableText } from "./table.ts";

type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;

export interface BlockOptions extends InlineOptions {
  /** The text that the positions are offsets of. */
  readonly source: string;
  readonly aligned: boolean;
  readonly isQuoted?: boolean;
  /** Takes what Discord cannot show as code; absent: there may be no files. */
  readonly files: TextFile[] | undefined;
}

/** Blocks as Discord reads them, with the blank lines that the source has between them. */
export function showBlocks(nodes: readonly Node[], options: BlockOptions): string {
  const shown: string[] = [];
  let before: Node | undefined;
  for (const node of nodes) {
    const text = showBlock(node, options);
    if (text.trim() === "") continue;
    if (before) shown.push(gapBetween(before, node, options.source));
    shown.push(text);
    before = node;
  }
  return shown.join("");
}

function gapBetween(before: Node, after: Node, source: string): string {
  const [from, to] = [before.position?.end.offset, after.position?.start.offset];
  const isTight = from !== undefined && to !== undefined && !hasBlankLine(source.slice(from, to));
  return isTight ? "\n" : "\n\n";
}

const hasBlankLine = (text: string): boolean => /\n[ \t>]*\n/.test(text);

function showBlock(node: Node, options: BlockOptions): string {
  const { addresses, aligned, files } = options;
  if (node.type === "paragraph") return showInline(node.children, options);
  if (node.type === "heading") return showHeading(node, options);
  if (node.type === "code") return showCode(node.value, node.lang ?? "", files);
  if (node.type === "list") return showList(node, options);
  if (node.type === "blockquote") return showQuote(node, options);
  if (node.type === "table") return showCode(tableText(node, addresses, aligned), "", files);
  return showRareBlock(node, options);
}

function showRareBlock(node: Node, options: BlockOptions): string {
  if (node.type === "thematicBreak") return "———";
  if (node.type === "html") {
    return showInline([{ type: "text", value: shownHtml(node.value) }], options);
  }
  if (node.type !== "footnoteDefinition") return "";
  return `[${node.label ?? node.identifier}] ${showBlocks(node.children, options)}`;
}

/** Discord has three sizes of headings. */
function showHeading({ depth, children }: NodeOf<"heading">, options: BlockOptions): string {
  if (depth > 3) return oneLine(showBold(children, options));
  const text = oneLine(showInline(children, options));
  return text === "" ? "" : `${"#".repeat(depth)} ${text}`;
}

const oneLine = (text: string): string => text.replaceAll("\n", " ").trim();

/** Discord does not nest quotes. */
function showQuote({ children }: NodeOf<"blockquote">, options: BlockOptions): string {
  const inner = children.flatMap(function unnest(node: Node): Node[] {
    return node.type === "blockquote" ? node.children.flatMap(unnest) : [node];
  });
  const text = showBlocks(inner, { ...options, isQuoted: true });
  return text === "" || options.isQuoted ? text : text.replaceAll(/^/gm, "> ");
}

/** Nested lists are indented by their marker; all other blocks stand between the items, since few clients show them inside. */
const showList = (list: NodeOf<"list">, options: BlockOptions, indent = ""): string =>
  list.children
    .map((item, at) => showItem(item, { marker: markerOf(list, at), indent, options }))
    .filter((item) => item !== "")
    .join(list.spread && indent === "" ? "\n\n" : "\n");

const markerOf = ({ ordered, start }: NodeOf<"list">, at: number): string =>
  ordered ? `${(start ?? 1) + at}. ` : "- ";

interface ItemOptions {
  readonly marker: string;
  readonly indent: string;
  readonly options: BlockOptions;
}

function showItem(item: NodeOf<"listItem">, { marker, indent, options }: ItemOptions): string {
  const [first, ...rest] = item.children;
  const head = boxOf(item) + (first ? headOf(first, options) : "");
  const within = indent + " ".repeat(marker.length);
  if (head === "") return [bareMarker(marker), ...showAll(item.children, indent)].join("\n").trim();
  const others = first && isHead(first) ? rest : item.children;
  const line = `${indent}${marker}${indented(head, within)}`;
  return [line, ...showAll(others, within)].join("\n");

  function showAll(blocks: readonly Node[], inner: string): readonly string[] {
    return blocks.map((block) => showInItem(block, inner, options)).filter((text) => text !== "");
  }
}

const boxOf = ({ checked }: NodeOf<"listItem">): string =>
  typeof checked === "boolean" ? (checked ? "☑ " : "☐ ") : "";

/** Discord shows no list item without text: a number becomes text. */
const bareMarker = (marker: string): string =>
  marker === "- " ? "" : marker.replace(".", "\\.").trim();

const isHead = (node: Node): node is NodeOf<"paragraph" | "heading"> =>
  node.type === "paragraph" || node.type === "heading";

function headOf(node: Node, options: BlockOptions): string {
  if (!isHead(node)) return "";
  return node.type === "heading"
    ? oneLine(showBold(node.children, options))
    : showInline(node.children, options);
}

/** Without blank lines, which would end the item. */
const indented = (text: string, indent: string): string => text.replaceAll(/\n\s*/g, `\n${indent}`);

function showInItem(node: Node, indent: string, options: BlockOptions): string {
  if (node.type === "list") return showList(node, options, indent);
  if (!isHead(node)) return showBlock(node, options);
  const text = headOf(node, options);
  return text === "" ? "" : indent + indented(text, indent);
}
