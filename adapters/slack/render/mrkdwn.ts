import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import {
  type MarkdownBlock as Node,
  parsingAnyMarkdown,
} from "../../../src/markdown/parse-markdown.ts";
import { finish, type Steps } from "../../../src/slices.ts";
import { safeText } from "./blocks.ts";
import { escapeText } from "./escape.ts";
import { isExactInMrkdwn, type RichText, richTextOf } from "./rich-text.ts";

type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;

/** Turns Markdown into Slack's own marks, for modals and the home tab, which have no markdown block. Breaks mentions. */
export const toMrkdwn = (markdown: string): string =>
  finish(layingOutMrkdwn(markdown)).join("\n\n");

/** The same, block by block. */
function* layingOutMrkdwn(markdown: string): Steps<string[]> {
  const texts: string[] = [];
  for (const block of yield* parsingAnyMarkdown(revealLinks(markdown))) {
    const text = blockText(block);
    if (text.trim() !== "") texts.push(text);
    yield;
  }
  return texts;
}

/** The same, with blocks of rich text for what Slack's marks cannot say exactly. */
export function* layingOut(markdown: string): Steps<(string | RichText)[]> {
  const parts: (string | RichText)[] = [];
  for (const block of yield* parsingAnyMarkdown(revealLinks(markdown))) {
    const part = isExactInMrkdwn(block) ? blockText(block) : richTextOf(block);
    if (typeof part !== "string" || part.trim() !== "") parts.push(part);
    yield;
  }
  return parts;
}

/** One block. */
export function blockText(node: Node): string {
  if (node.type === "paragraph") return inlineText(node.children);
  if (node.type === "heading") return boldText(node.children);
  if (node.type === "code") return codeBlock(node.value);
  if (node.type === "list") return listText(node);
  if (node.type === "table") return codeBlock(alignTable(cellsOf(node)).text);
  if (node.type === "blockquote") {
    return node.children.map(blockText).join("\n").replaceAll(/^/gm, "> ");
  }
  return rareText(node);
}

function rareText(node: Node): string {
  if (node.type === "thematicBreak") return "———";
  if (node.type === "html") return safeText(node.value);
  if (node.type !== "footnoteDefinition") return "";
  return `[${safeText(node.identifier)}] ${node.children.map(blockText).join("\n")}`;
}

/** A code block. Three backticks would end it: `layingOut` makes rich text of such code. */
export const codeBlock = (text: string): string =>
  `\`\`\`\n${escapeText(text).replaceAll("```", "`\u200B``")}\n\`\`\``;

/** A heading: all in bold but code, which may hold stars. */
function boldText(nodes: readonly Inline[]): string {
  let shown = "";
  let words: Inline[] = [];
  for (const node of [...nodes, undefined]) {
    if (node && node.type !== "inlineCode") words.push(node);
    else {
      shown += bold(inlineText(words).replaceAll("*", "")) + (node ? textOf(node) : "");
      words = [];
    }
  }
  return shown;
}

/** With the blanks at its ends outside. */
function bold(text: string): string {
  const words = text.trim();
  return words === "" ? text : text.replace(words, () => `*${words}*`);
}

const listText = ({ children, ordered, start }: NodeOf<"list">): string =>
  children
    .map((item, index) => {
      const marker = ordered ? `${(start ?? 1) + index}.` : "•";
      const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
      const text = item.children.map(blockText).join("\n").replaceAll("\n", "\n    ");
      return `${marker} ${box}${text}`;
    })
    .join("\n");

/** A table's cells as plain text. */
export function cellsOf({ children }: NodeOf<"table">) {
  const [columns = [], ...rows] = children.map((row) =>
    row.children.map((cell) => cell.children.map(plainOf).join("")),
  );
  return { columns, rows };
}

type Inline = Extract<Node, { type: "paragraph" }>["children"][number];

/** Turns inline Markdown into Slack's own marks. */
const inlineText = (nodes: readonly Inline[]): string => nodes.map(textOf).join("");

function textOf(node: Inline): string {
  if (node.type === "text" || node.type === "html") return safeText(node.value);
  if (node.type === "inlineCode") return `\`${escapeText(node.value).replaceAll("`", "ˋ")}\``;
  if (node.type === "break") return "\n";
  if (node.type === "image") return link(node.url, safeText(node.alt || "image"));
  if (node.type === "imageReference") return safeText(node.alt ?? "");
  if (node.type === "footnoteReference") return `[${safeText(node.identifier)}]`;
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

/** Links to web and mail addresses only. A `|` or `>` would end the address. */
function link(url: string, label: string): string {
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return label;
  const address = escapeText(
    url.replaceAll("|", "%7C").replaceAll(">", "%3E").replaceAll("<", "%3C"),
  );
  // A label must not hold another link.
  const words = label.replaceAll(/<[^<>|]*\|([^<>]*)>/g, "$1").replaceAll("|", "¦");
  return `<${address}|${words || address}>`;
}

/** Without any marks, for cells. */
function plainOf(node: Inline): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(plainOf).join("") : "";
}
