import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import type { Steps } from "../../../src/slices.ts";
import { type Block, safeText, section } from "../render/blocks.ts";
import { codeBlock, layingOut } from "../render/mrkdwn.ts";
import { preformatted, type RichText } from "../render/rich-text.ts";

/** Beyond this many columns, a modal wraps a code block and makes tables unreadable. */
const WIDEST_TABLE = 56;

/** Turns Markdown into sections, for modals and the home tab, which have no markdown block. */
export function* markdownSections(markdown: string): Steps<readonly Block[]> {
  const blocks: Block[] = [];
  let texts: string[] = [];
  const pack = () => {
    blocks.push(...packSections(texts).map((text) => section(text)));
    texts = [];
  };
  for (const part of yield* layingOut(markdown)) {
    if (typeof part === "string") texts.push(part);
    else {
      pack();
      blocks.push(...cutCode(part));
    }
  }
  pack();
  return blocks;
}

/** Code as one block, or as several if it is long. */
function cutCode(block: RichText): readonly RichText[] {
  const [only] = block.elements;
  const [text] = only?.type === "rich_text_preformatted" ? only.elements : [];
  return text?.type === "text" ? cutLines(text.text, LONGEST).map(preformatted) : [block];
}

/** What a command answers, without its title. */
export function* replyBlocks({ blocks }: Pick<CommandReply, "blocks">): Steps<readonly Block[]> {
  const shown: Block[] = [];
  for (const block of blocks) {
    shown.push(...(yield* blocksOf(block)));
    yield;
  }
  return shown;
}

function* blocksOf(block: ReplyBlock): Steps<readonly Block[]> {
  switch (block.type) {
    case "text":
      return yield* markdownSections(block.markdown);
    case "code":
      return block.text.includes(FENCE)
        ? cutCode(preformatted(block.text))
        : packSections([codeBlock(block.text)]).map((text) => section(text));
    case "table":
      return tableSections(block);
  }
}

type Table = Extract<ReplyBlock, { type: "table" }>;

function tableSections(table: Table): readonly Block[] {
  const { text: lined, width } = alignTable(table);
  const texts =
    width <= WIDEST_TABLE ? [codeBlock(lined)] : table.rows.map((row) => rowText(table, row));
  return packSections(texts, "\n").map((text) => section(text));
}

/** "*A Opus* · Revisions 2 · Tally +2.3": a row of a table that is too wide for a code block. */
function rowText({ columns }: Table, row: readonly string[]): string {
  const unnamed = columns.findIndex((column) => column !== "");
  const heads = row.slice(0, unnamed + 1).filter((cell) => cell !== "");
  const rest = row
    .map((cell, index) => ({ cell, index, column: columns[index] ?? "" }))
    .filter(({ cell, index }) => index > unnamed && cell !== "" && cell !== "–")
    .map(({ cell, column }) => safeText([column, cell].filter(Boolean).join(" ")));
  return [`*${safeText(heads.join(" "))}*`, ...rest].join(" · ");
}

/** A section takes 3,000 characters. */
const LONGEST = 2_900;
const FENCE = "```";

/** Packs texts in Slack's marks into as few sections as possible; nothing is lost. */
export function packSections(texts: readonly string[], gap = "\n\n"): readonly string[] {
  const packed: string[] = [];
  for (const piece of texts.flatMap(cutToFit)) {
    const last = packed.at(-1);
    const joined = last === undefined ? piece : `${last}${gap}${piece}`;
    if (last === undefined || joined.length > LONGEST) packed.push(piece);
    else packed[packed.length - 1] = joined;
  }
  return packed;
}

function cutToFit(text: string): readonly string[] {
  if (text.length <= LONGEST) return [text];
  if (!text.startsWith(`${FENCE}\n`)) return cutLines(text, LONGEST);
  const code = text.slice(FENCE.length + 1, -FENCE.length - 1);
  return cutLines(code, LONGEST - 2 * FENCE.length - 2).map(
    (part) => `${FENCE}\n${part}\n${FENCE}`,
  );
}

/** Cuts between lines if possible, else between words, else anywhere except inside a character, a link or an escape. */
function cutLines(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const at = cutAt(rest.slice(0, most));
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n| /, "");
  }
  return [...parts, rest].filter((part) => part.trim() !== "");
}

function cutAt(head: string): number {
  const half = head.length / 2;
  const line = head.lastIndexOf("\n");
  if (line > half) return line;
  const word = head.lastIndexOf(" ");
  if (word > half && !isInToken(head.slice(0, word))) return word;
  const whole = head.replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3}|<[^<>]{0,1000})$/, "");
  return whole.length > 0 ? whole.length : head.length;
}

const isInToken = (head: string): boolean => head.lastIndexOf("<") > head.lastIndexOf(">");
