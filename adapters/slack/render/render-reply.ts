import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { closeFence, fenced } from "../../../src/adapter-kit/text/fence.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { SlackText } from "../post/rendering.ts";
import type { Block } from "./blocks.ts";
import { cutText, escapeText } from "./escape.ts";
import { withoutPings } from "./without-pings.ts";

/** A message's Markdown may have 12,000 characters, and 13,200 with all else. */
const LONGEST = 11_500;
const CUT = "\n\n*… Slack shows no more of this.*";

/** A line for people, in Markdown. */
export function renderNote(markdown: string): SlackText {
  const text = withoutPings(revealLinks(markdown));
  const shown = text.length <= LONGEST ? text : closeFence(cutText(text, LONGEST)) + CUT;
  const blocks: readonly Block[] = [{ type: "markdown", text: shown.trim() || "—" }];
  return { text: escapeText(shown), blocks };
}

/** What a command answers. */
export const renderReply = (reply: CommandReply): SlackText => renderNote(replyMarkdown(reply));

const replyMarkdown = ({ title, ok, blocks }: CommandReply): string => {
  // Slack lays out one table in a message; the others are lined up as code.
  const native = blocks.find(({ type }) => type === "table");
  const parts = blocks.map((block) => blockMarkdown(block, block === native));
  return [ok ? `**${title}**` : `⚠️ **${title}**`, ...parts]
    .filter((part) => part !== "")
    .join("\n\n");
};

function blockMarkdown(block: ReplyBlock, isNative: boolean): string {
  switch (block.type) {
    case "text":
      return block.markdown;
    case "code":
      return fenced(block.text, block.language);
    case "table":
      return isNative ? pipeTable(block) : fenced(alignTable(block).text);
  }
}

type Table = Extract<ReplyBlock, { type: "table" }>;

const pipeTable = ({ columns, rows }: Table): string =>
  [columns, columns.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
