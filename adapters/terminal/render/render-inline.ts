import type { MarkdownBlock } from "../../../src/markdown/parse-markdown.ts";
import { cleanText } from "../../../src/text/clean-text.ts";
import { linked } from "./lines.ts";
import type { Look } from "./look.ts";

export type Block = MarkdownBlock;
export type Inline = Extract<Block, { type: "paragraph" }>["children"][number];

/** Renders inline Markdown with colours; line breaks stay "\n". */
export const renderInline = (nodes: readonly Inline[], look: Look): string =>
  nodes.map((node) => renderNode(node, look)).join("");

function renderNode(node: Inline, look: Look): string {
  // In chat, people mean the line breaks of the source.
  if (node.type === "text" || node.type === "html") return cleanText(node.value);
  if (node.type === "break") return "\n";
  if (node.type === "inlineCode") return renderCode(cleanText(node.value), look);
  if (node.type === "footnoteReference") return `[^${cleanText(node.identifier)}]`;
  if (node.type === "image" || node.type === "imageReference") return renderImage(node, look);
  return renderParent(node, look);
}

// Without colours, only the backticks mark code.
const renderCode = (code: string, look: Look): string =>
  look.colour ? look.paint("cyan", code) : `\`${code}\``;

function renderImage(
  node: Extract<Inline, { type: "image" | "imageReference" }>,
  look: Look,
): string {
  const alt = cleanText(node.alt ?? "");
  const target = node.type === "image" ? node.url : node.identifier;
  return `[image${alt === "" ? "" : `: ${alt}`}] ${look.paint("dim", `(${cleanText(target)})`)}`;
}

type Parent = Extract<
  Inline,
  { type: "emphasis" | "strong" | "delete" | "link" | "linkReference" }
>;

function renderParent(node: Parent, look: Look): string {
  const inner = renderInline(node.children, look);
  switch (node.type) {
    case "emphasis":
      return look.paint("italic", inner);
    case "strong":
      return look.paint("bold", inner);
    case "delete":
      return look.paint("strikethrough", inner);
    case "link":
      return renderLink(inner, cleanText(node.url), look);
    case "linkReference":
      return `${look.paint("underline", inner)} [${cleanText(node.label ?? node.identifier)}]`;
  }
}

/** Shows the address too, so that the text cannot hide where the link leads. */
function renderLink(inner: string, url: string, look: Look): string {
  const click = (text: string) => (look.links ? linked(text, url) : text);
  const shown = click(look.paint("underline", inner));
  const bare = [url, url.replace(/^mailto:/, ""), url.replace(/^https?:\/\//, "")];
  return bare.includes(inner) ? shown : `${shown} ${look.paint("dim", `(${click(url)})`)}`;
}
