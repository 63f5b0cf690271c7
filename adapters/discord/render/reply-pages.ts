import { fenced } from "../../../src/adapter-kit/text/fence.ts";
import { blockMarkdown, markdownReply } from "../../../src/adapter-kit/text/plain-layout.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import { splittingToFit } from "../../../src/delivery/split.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import { inSlices } from "../../../src/slices.ts";
import { toDiscord } from "./markdown.ts";
import { readableTable } from "./markdown/table.ts";

/** Leaves room for the page number. */
const PAGE_LIMIT = 1_900;
const lengthOf = (markdown: string): number => toDiscord(markdown, PAGE_LIMIT).length;

/** Splits a command's reply into messages, without splitting a code block. */
export const replyPages = async (reply: CommandReply): Promise<readonly string[]> => {
  const text = markdownReply(reply, { text: (markdown) => markdown, table: tableText });
  const pages = await inSlices(splittingToFit(revealLinks(text), PAGE_LIMIT, { lengthOf }));
  return pages.map((page) => toDiscord(page));
};

/** A part of a reply, split where it is too long for one text. */
export async function blockPages(block: ReplyBlock): Promise<readonly string[]> {
  const text = blockMarkdown(block, { text: (markdown) => markdown, table: tableText });
  const pages = await inSlices(splittingToFit(revealLinks(text), PAGE_LIMIT, { lengthOf }));
  return pages.map((page) => toDiscord(page));
}

/** An aligned table, or a list with a line per row where that would be too wide. */
function tableText({ columns, rows }: Extract<ReplyBlock, { type: "table" }>): string {
  if (rows.length === 0) return "";
  const aligned = readableTable(
    columns,
    rows.map((row) => row.map(oneLine)),
  );
  return aligned === undefined
    ? rows.map((row) => rowText(columns, row)).join("\n")
    : fenced(aligned);
}

/** Cells before the first named column are shown as code. With two columns, the second name is left out. */
function rowText(columns: readonly string[], row: readonly string[]): string {
  const cells = row.map(oneLine);
  const at = Math.max(
    0,
    columns.findIndex((column) => column !== ""),
  );
  const signs = cells.slice(0, at).filter((cell) => cell !== "");
  const rest = cells.slice(at + 1).flatMap((cell, i) => {
    const column = columns[at + 1 + i] ?? "";
    return cell === "" ? [] : [column === "" ? cell : `${column}: ${cell}`];
  });
  const name = cells[at] || columns[at] || "–";
  const head = ["-", ...signs.map((sign) => `\`${sign}\``), `**${name}**`].join(" ");
  if (rest.length === 0) return head;
  return columns.length === 2 ? `${head}: ${cells[at + 1] ?? ""}` : `${head} ${rest.join(" · ")}`;
}

const oneLine = (cell: string): string => cell.replaceAll(/\s+/g, " ").trim();
