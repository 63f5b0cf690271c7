import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import type { Steps } from "../../../src/slices.ts";
import { type Block, section, said } from "../render/blocks.ts";
import { codeBlock, layingOutMrkdwn } from "../render/mrkdwn.ts";
import { packSections } from "./pack-sections.ts";

/** A code block wraps in a modal beyond this many columns, and can no longer be read. */
const WIDEST_TABLE = 56;

/** Markdown as sections of a modal or a home tab: neither lays out Markdown itself. */
export function* markdownSections(markdown: string): Steps<readonly Block[]> {
  return packSections(yield* layingOutMrkdwn(markdown)).map((text) => section(text));
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
      return packSections([codeBlock(block.text)]).map((text) => section(text));
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

/** "*A Opus* · Revisions 2 · Tally +2.3": a row that is too wide for a line. */
function rowText({ columns }: Table, row: readonly string[]): string {
  const unnamed = columns.findIndex((column) => column !== "");
  const heads = row.slice(0, unnamed + 1).filter((cell) => cell !== "");
  const rest = row
    .map((cell, index) => ({ cell, index, column: columns[index] ?? "" }))
    .filter(({ cell, index }) => index > unnamed && cell !== "" && cell !== "–")
    .map(({ cell, column }) => said([column, cell].filter(Boolean).join(" ")));
  return [`*${said(heads.join(" "))}*`, ...rest].join(" · ");
}
