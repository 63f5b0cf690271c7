import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import type { Steps } from "../../../src/slices.ts";
import { type Block, safeText, section } from "../render/blocks.ts";
import { codeBlock } from "../render/mrkdwn.ts";
import { preformatted } from "../render/rich-text.ts";
import { cutCode, FENCE, markdownSections, packSections } from "../render/sections.ts";

/** Beyond this many columns, a modal wraps a code block and makes tables unreadable. */
const WIDEST_TABLE = 56;

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
