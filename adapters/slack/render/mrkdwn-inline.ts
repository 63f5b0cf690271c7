import type { MarkdownBlock as Node } from "../../../src/markdown/parse-markdown.ts";
import { said } from "./blocks.ts";
import { escapeText } from "./escape.ts";

type Inline = Extract<Node, { type: "paragraph" }>["children"][number];

/** Inline Markdown in Slack's own marks. */
export const inlineText = (nodes: readonly Inline[]): string => nodes.map(textOf).join("");

function textOf(node: Inline): string {
  if (node.type === "text" || node.type === "html") return said(node.value);
  if (node.type === "inlineCode") return `\`${said(node.value).replaceAll("`", "ˋ")}\``;
  if (node.type === "break") return "\n";
  if (node.type === "image") return link(node.url, said(node.alt || "image"));
  if (node.type === "imageReference") return said(node.alt ?? "");
  if (node.type === "footnoteReference") return `[${said(node.identifier)}]`;
  return markedText(node);
}

type Parent = Extract<Inline, { children: unknown }>;

function markedText(node: Parent): string {
  const inner = inlineText(node.children);
  switch (node.type) {
    case "emphasis":
      return marked("_", inner);
    case "strong":
      return marked("*", inner);
    case "delete":
      return marked("~", inner);
    case "link":
      return link(node.url, inner);
    case "linkReference":
      return inner;
  }
}

const marked = (mark: string, text: string): string =>
  text.trim() === "" ? text : `${mark}${text}${mark}`;

/** Only what a browser or a mail program opens; a `|` or `>` would end the address. */
function link(url: string, label: string): string {
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return label;
  const address = escapeText(
    url.replaceAll("|", "%7C").replaceAll(">", "%3E").replaceAll("<", "%3C"),
  );
  // A link within a label is none.
  const words = label.replaceAll(/<[^<>|]*\|([^<>]*)>/g, "$1").replaceAll("|", "¦");
  return `<${address}|${words || address}>`;
}

/** Without any marks, for cells. */
export function plainOf(node: Inline): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(plainOf).join("") : "";
}
