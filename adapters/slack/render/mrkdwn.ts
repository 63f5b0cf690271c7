import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import { type MarkdownBlock, parsingAnyMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { finish, type Steps } from "../../../src/slices.ts";
import { said } from "./blocks.ts";
import { escapeText } from "./escape.ts";
import { inlineText, plainOf } from "./mrkdwn-inline.ts";
import { withoutPings } from "./without-pings.ts";

type Node = MarkdownBlock;
type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>;

/** Markdown in Slack's own marks, for modals and the home tab, where Slack lays out no Markdown. Calls nobody. */
export const toMrkdwn = (markdown: string): string =>
  finish(layingOutMrkdwn(markdown)).join("\n\n");

/** The same, block by block. */
export function* layingOutMrkdwn(markdown: string): Steps<string[]> {
  const texts: string[] = [];
  for (const block of yield* parsingAnyMarkdown(revealLinks(markdown))) {
    const text = blockText(block);
    if (text.trim() !== "") texts.push(text);
    yield;
  }
  return texts;
}

function blockText(node: Node): string {
  if (node.type === "paragraph") return inlineText(node.children);
  if (node.type === "heading") return `*${inlineText(node.children).replaceAll("*", "")}*`;
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
  if (node.type === "html") return said(node.value);
  if (node.type !== "footnoteDefinition") return "";
  return `[${said(node.identifier)}] ${node.children.map(blockText).join("\n")}`;
}

/** As a code block; the code's own backticks would end it. */
export const codeBlock = (text: string): string =>
  `\`\`\`\n${escapeText(withoutPings(text)).replaceAll("```", "`\u200B``")}\n\`\`\``;

const listText = ({ children, ordered, start }: NodeOf<"list">): string =>
  children
    .map((item, index) => {
      const marker = ordered ? `${(start ?? 1) + index}.` : "•";
      const box = item.checked === true ? "☑ " : item.checked === false ? "☐ " : "";
      const text = item.children.map(blockText).join("\n").replaceAll("\n", "\n    ");
      return `${marker} ${box}${text}`;
    })
    .join("\n");

function cellsOf({ children }: NodeOf<"table">) {
  const [columns = [], ...rows] = children.map((row) =>
    row.children.map((cell) => cell.children.map(plainOf).join("")),
  );
  return { columns, rows };
}
