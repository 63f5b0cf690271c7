import { revealLinks } from "../../../src/links/reveal-links.ts";
import { cleanText } from "../../../src/text/clean-text.ts";
import { parsingAnyMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { finish, type Steps } from "../../../src/slices.ts";
import { layoutTable } from "./layout-table.ts";
import type { Look } from "./look.ts";
import { renderInline, type Block } from "./render-inline.ts";
import { wrapProse } from "./lines.ts";

const LEAST_COLUMNS = 16;

/** Renders Markdown as lines. The text cannot control the terminal. */
export function* renderingMarkdown(markdown: string, look: Look): Steps<string[]> {
  const lines: string[] = [];
  for (const block of yield* parsingAnyMarkdown(revealLinks(cleanText(markdown)))) {
    if (lines.length > 0) lines.push("");
    for (const line of renderBlock(block, look)) lines.push(line.replace(FLUSH, ""));
    yield;
  }
  return lines;
}

/** `renderingMarkdown` in one go. */
export const renderMarkdown = (markdown: string, look: Look): string[] =>
  finish(renderingMarkdown(markdown, look));

function renderBlocks(blocks: readonly Block[], look: Look, gap = true): string[] {
  return blocks.flatMap((block, index) => [
    ...(gap && index > 0 ? [""] : []),
    ...renderBlock(block, look),
  ]);
}

function renderBlock(block: Block, look: Look): string[] {
  if (block.type === "paragraph") return wrapProse(renderInline(block.children, look), look);
  if (block.type === "heading") return renderHeading(block, look);
  if (block.type === "code") return renderCode(block, look);
  if (block.type === "list") return renderList(block, look);
  if (block.type === "table") return renderTable(block, look);
  if (block.type === "blockquote")
    return indent(renderBlocks(block.children, inner(look, 2)), look.paint("dim", "│ "));
  return renderRare(block, look);
}

function renderRare(block: Block, look: Look): string[] {
  if (block.type === "thematicBreak")
    return [look.paint("dim", "─".repeat(Math.min(40, look.columns)))];
  if (block.type === "html") return wrapProse(cleanText(block.value), look);
  if (block.type === "definition")
    return wrapProse(
      `[${cleanText(block.label ?? block.identifier)}]: ${cleanText(block.url)}`,
      look,
    );
  if (block.type !== "footnoteDefinition") return [];
  const mark = `[^${cleanText(block.identifier)}]: `;
  return hang(renderBlocks(block.children, inner(look, mark.length)), mark);
}

function renderHeading(block: Extract<Block, { type: "heading" }>, look: Look): string[] {
  const text = renderInline(block.children, look);
  if (!look.colour) return wrapProse(`${"#".repeat(block.depth)} ${text}`, look);
  return wrapProse(look.paint(block.depth === 1 ? ["bold", "underline"] : "bold", text), look);
}

/** Begins a line of code. Lists do not indent it, since spaces would be copied with it. */
const FLUSH = "\u0001";

/** Code is neither wrapped nor indented, so that it can be copied. Without colours, fences mark it. */
function renderCode({ lang, value }: Extract<Block, { type: "code" }>, look: Look): string[] {
  const language = cleanText(lang ?? "").replaceAll("\n", " ");
  const code = cleanText(value).replace(/\t/g, "    ");
  const coloured = look.highlight?.(code, language, look.paint);
  const lines = coloured ?? code.split("\n").map((line) => look.paint("cyan", line));
  const fence = code.includes("```") ? "~~~" : "```";
  const framed = look.colour
    ? [...(language === "" ? [] : [look.paint("dim", language)]), ...lines]
    : [`${fence}${language}`, ...lines, fence];
  return framed.map((line) => FLUSH + line);
}

function renderList(list: Extract<Block, { type: "list" }>, look: Look): string[] {
  return list.children.flatMap((item, index) => {
    const box = item.checked === true ? "[x] " : item.checked === false ? "[ ] " : "";
    const bullet = list.ordered ? `${(list.start ?? 1) + index}. ` : "• ";
    const mark = bullet + box;
    const lines = renderBlocks(item.children, inner(look, mark.length), list.spread ?? false);
    const gap = index > 0 && list.spread ? [""] : [];
    return [...gap, ...hang(lines.length > 0 ? lines : [""], mark)];
  });
}

function renderTable(table: Extract<Block, { type: "table" }>, look: Look): string[] {
  const [header = [], ...rows] = table.children.map((row) =>
    row.children.map((cell) => renderInline(cell.children, look)),
  );
  const align = (table.align ?? []).map((side) => side ?? "left");
  return layoutTable({ header, rows, align }, look);
}

const inner = (look: Look, by: number): Look => ({
  ...look,
  columns: Math.max(LEAST_COLUMNS, look.columns - by),
});

const indent = (lines: readonly string[], by: string): string[] =>
  lines.map((line) => by + line.replace(FLUSH, ""));

/** Puts a mark before the first line and indents the others. */
const hang = (lines: readonly string[], mark: string): string[] =>
  lines.flatMap((line, index) => {
    if (line.startsWith(FLUSH)) return index === 0 ? [mark.trimEnd(), line] : [line];
    return [(index === 0 ? mark : " ".repeat(mark.length)) + line];
  });
