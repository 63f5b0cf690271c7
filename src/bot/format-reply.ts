import type { CommandReply, ReplyBlock } from "../reply.ts";

/** A command's reply as Markdown, for commands that people write as messages. */
export const formatReply = ({ title, blocks }: CommandReply): string =>
  [`**${title}**`, ...blocks.map(formatBlock)].filter((part) => part !== "").join("\n\n");

function formatBlock(block: ReplyBlock): string {
  switch (block.type) {
    case "text":
      return block.markdown;
    case "code":
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
    case "table":
      return [block.columns, block.columns.map(() => "---"), ...block.rows]
        .map((row) => `| ${row.map(cell).join(" | ")} |`)
        .join("\n");
  }
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
