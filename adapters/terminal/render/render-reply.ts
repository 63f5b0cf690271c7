import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import { layoutTable } from "./layout-table.ts";
import type { Look } from "./look.ts";
import { renderMarkdown } from "./render-markdown.ts";

/** A command's reply as lines. */
export function renderReply(reply: CommandReply, look: Look): string[] {
  const title = cleanLine(reply.title);
  const head = title === "" ? [] : [look.paint(reply.ok ? "bold" : ["bold", "yellow"], title)];
  return [...head, ...reply.blocks.flatMap((block) => ["", ...renderBlock(block, look)])].slice(
    head.length === 0 ? 1 : 0,
  );
}

function renderBlock(block: ReplyBlock, look: Look): string[] {
  switch (block.type) {
    case "text":
      return renderMarkdown(block.markdown, look);
    case "table":
      return layoutTable(
        { header: block.columns.map(cleanLine), rows: block.rows.map((row) => row.map(cleanLine)) },
        look,
      );
    case "code":
      return cleanText(block.text)
        .split("\n")
        .map((line) => look.paint("cyan", line));
  }
}
