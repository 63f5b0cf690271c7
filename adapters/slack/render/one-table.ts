import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { fenced } from "../../../src/adapter-kit/text/fence.ts";
import { parseMarkdown } from "../../../src/markdown/parse-markdown.ts";
import { cellsOf } from "./mrkdwn.ts";

/** Slack shows one table in a message: the others are aligned as code. Everything else stays as it is. */
export function withOneTable(markdown: string): string {
  // No table is without a delimiter row.
  if (!markdown.includes("|") || !markdown.includes("-")) return markdown;
  const source = markdown.replace(/\r\n?/g, "\n");
  const tables = parseMarkdown(source).flatMap((node) => {
    const { start, end } = node.position ?? {};
    return node.type === "table" && start?.offset !== undefined && end?.offset !== undefined
      ? [{ node, from: start.offset, to: end.offset }]
      : [];
  });
  return tables
    .slice(1)
    .reduceRight(
      (text, { node, from, to }) =>
        `${text.slice(0, from)}${fenced(alignTable(cellsOf(node)).text)}${text.slice(to)}`,
      source,
    );
}
