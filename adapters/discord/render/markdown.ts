import { revealLinks } from "../../../src/links/reveal-links.ts";
import { flattenNesting } from "../../../src/markdown/flatten-nesting.ts";
import { type MarkdownBlock, parsingMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { finish } from "../../../src/slices.ts";
import { showBlocks } from "./markdown/blocks.ts";
import type { TextFile } from "./markdown/code.ts";

/** Discord's limit for a message, UTF-16 code units. */
export const MESSAGE_LIMIT = 2_000;

/** A Markdown text as a message. */
export interface DiscordText {
  readonly content: string;
  /** Code that Discord cannot show in a message. */
  readonly files: readonly TextFile[];
}

/**
 * Converts Markdown to what Discord shows as the same text: tables to code blocks, task lists to boxes, small headings to bold, images to
 * links. If the result is longer than `most`, tables are not aligned.
 */
export function renderMarkdown(markdown: string, most = MESSAGE_LIMIT): DiscordText {
  const parsed = parse(markdown);
  const aligned = withFiles(parsed, true);
  return aligned.content.length <= most ? aligned : withFiles(parsed, false);
}

function withFiles(parsed: Parsed, aligned: boolean): DiscordText {
  const files: TextFile[] = [];
  return { content: show(parsed, aligned, files), files };
}

/** The same where files cannot be sent: such code becomes text. */
export function toDiscord(markdown: string, most = MESSAGE_LIMIT): string {
  const parsed = parse(markdown);
  const aligned = show(parsed, true);
  return aligned.length <= most ? aligned : show(parsed, false);
}

interface Parsed {
  readonly source: string;
  readonly blocks: readonly MarkdownBlock[];
  readonly addresses: ReadonlyMap<string, string>;
}

function parse(markdown: string): Parsed {
  const source = flattenNesting(revealLinks(markdown).replace(/\r\n?/g, "\n"));
  const blocks = finish(parsingMarkdown(source));
  return { source, blocks, addresses: new Map(addressesIn(blocks)) };
}

/** What reference links refer to; the last entry for a label is the one that counts. */
const addressesIn = (blocks: readonly MarkdownBlock[]): readonly (readonly [string, string])[] =>
  blocks.toReversed().flatMap((block) => {
    if (block.type === "definition") return [[block.identifier, block.url] as const];
    return block.type === "blockquote" || block.type === "list" || block.type === "listItem"
      ? addressesIn(block.children)
      : [];
  });

function show(parsed: Parsed, aligned: boolean, files?: TextFile[]): string {
  const underscores = hasItalics(parsed.blocks);
  const content = showBlocks(parsed.blocks, { ...parsed, aligned, underscores, files });
  if (underscores || !CLOSES.test(content)) return content;
  files?.splice(0);
  return showBlocks(parsed.blocks, { ...parsed, aligned, underscores: true, files });
}

const hasItalics = (nodes: readonly MarkdownBlock[]): boolean =>
  nodes.some(
    (node) => node.type === "emphasis" || ("children" in node && hasItalics(node.children)),
  );

/** Discord would take it for the end of italics that begin within a word, even if it stands in code far below. */
const CLOSES = /(?<!\\)_(?!\w)/;

const SHOWN = /^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)([☐☑])\s/gm;

/** Reads the boxes of task lists back as Markdown. */
export const readTaskBoxes = (text: string): string =>
  text.replace(SHOWN, (_, start: string, box: string) => `${start}[${box === "☐" ? " " : "x"}] `);
