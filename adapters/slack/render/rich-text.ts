import type { types } from "@slack/bolt";
import type { MarkdownBlock as Node } from "../../../src/markdown/parse-markdown.ts";
import { withoutPings } from "./escape.ts";

export type RichText = types.RichTextBlock;
type Section = types.RichTextSection;
type Element = Section["elements"][number];
type Style = NonNullable<types.RichTextText["style"]>;
type Inline = Extract<Node, { type: "paragraph" }>["children"][number];

/** Whether Slack's marks can say it: no backticks within code, and no marks beside letters, as between words without blanks. */
export function isExactInMrkdwn(node: Node): boolean {
  if (node.type === "code") return !node.value.includes("```");
  return node.type !== "paragraph" || node.children.every(isExact);
}

function isExact(node: Inline, at: number, nodes: readonly Inline[]): boolean {
  if (node.type === "inlineCode") return !node.value.includes("`");
  if (!("children" in node)) return true;
  const beside = [textOf(nodes[at - 1]).at(-1), textOf(nodes[at + 1])[0]];
  const isMark = node.type !== "link" && node.type !== "linkReference";
  const isApart =
    !isMark || !beside.some((near) => near !== undefined && /[\p{L}\p{N}]/u.test(near));
  return isApart && node.children.every(isExact);
}

const textOf = (node: Inline | undefined): string =>
  node !== undefined && "value" in node ? node.value : "";

/** A code block or a paragraph as rich text, which is literal: nothing in it is a mark or a mention. */
export function richTextOf(node: Node): RichText {
  if (node.type === "code") return preformatted(node.value);
  const elements =
    node.type === "paragraph" ? node.children.flatMap((child) => elementsOf(child, {})) : [];
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

export const preformatted = (code: string): RichText => ({
  type: "rich_text",
  elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: code || " " }] }],
});

function elementsOf(node: Inline, style: Style): readonly Element[] {
  if (node.type === "inlineCode") return [element(node.value, { ...style, code: true })];
  if (node.type === "break") return [element("\n", style)];
  if (node.type === "image") return linkTo(node.url, node.alt || "image", style);
  if (node.type === "link") return linkTo(node.url, wordsOf(node.children), style);
  if ("children" in node) {
    const own = STYLES[node.type] ?? {};
    return node.children.flatMap((child) => elementsOf(child, { ...style, ...own }));
  }
  return "value" in node ? [element(withoutPings(node.value), style)] : [];
}

const STYLES: Readonly<Record<string, Style>> = {
  strong: { bold: true },
  emphasis: { italic: true },
  delete: { strike: true },
};

const linkTo = (url: string, text: string, style: Style): readonly Element[] =>
  /^(?:https?:\/\/|mailto:)/i.test(url)
    ? [{ type: "link", url, text: text || url, ...styled(style) }]
    : [element(text, style)];

const wordsOf = (nodes: readonly Inline[]): string =>
  nodes.map((node) => ("children" in node ? wordsOf(node.children) : textOf(node))).join("");

const element = (text: string, style: Style): Element => ({ type: "text", text, ...styled(style) });

const styled = (style: Style) => (Object.keys(style).length > 0 ? { style } : {});
