import { revealLinks } from "../../../src/links/reveal-links.ts";
import { withoutSign } from "./footer-line.ts";
import { isTableHead, isTableRow, showTable } from "./markdown-table.ts";
import { showTaskBox } from "./task-boxes.ts";

/** Most characters of a message, by Discord's own count. */
export const MESSAGE_LIMIT = 2_000;

/**
 * Markdown as Discord draws it: tables as code blocks, boxes for task lists, small headings in bold, pictures as links. What does not fit
 * into `most` is drawn with less: tables as they were written, then everything.
 */
export function toDiscord(markdown: string, most = MESSAGE_LIMIT): string {
  const clear = revealLinks(markdown);
  const candidates = [render(clear, true), render(clear, false)];
  return candidates.find((text) => text.length <= most) ?? withoutSign(clear);
}

function render(markdown: string, aligned: boolean): string {
  const lines = withoutSign(markdown).split("\n");
  const shown: string[] = [];
  for (let at = 0; at < lines.length;) {
    const block = readBlock(lines, at);
    shown.push(...showBlock(lines.slice(at, at + block.length), block.kind, aligned));
    at += block.length;
  }
  return shown.join("\n");
}

interface Block {
  readonly kind: "code" | "table" | "line";
  /** In lines. */
  readonly length: number;
}

function readBlock(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? "";
  const fence = /^\s*(?:[-*+>]\s+)*(`{3,}|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) return { kind: "code", length: codeLength(lines.slice(at), fence) };
  if (isTableHead(line, lines[at + 1])) {
    const after = lines.slice(at + 2).findIndex((row) => !isTableRow(row));
    return { kind: "table", length: after < 0 ? lines.length - at : after + 2 };
  }
  return { kind: "line", length: 1 };
}

function codeLength(lines: readonly string[], fence: string): number {
  const closes = (line: string) => {
    const text = line.replace(/^[\s>]*/, "").trimEnd();
    return text.startsWith(fence) && text === (fence[0] ?? "`").repeat(text.length);
  };
  const end = lines.slice(1).findIndex(closes);
  return end < 0 ? lines.length : end + 2;
}

function showBlock(lines: readonly string[], kind: Block["kind"], aligned: boolean) {
  if (kind === "table") return [showTable(lines, aligned)];
  return kind === "code" ? lines.map(backticked) : lines.map(showLine);
}

/** Discord knows no tildes as fences. */
const backticked = (line: string): string =>
  line.replace(
    /^(\s*)(~{3,})/,
    (_, blank: string, tildes: string) => blank + "`".repeat(tildes.length),
  );

function showLine(line: string): string {
  if (/^\s{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)) return "———";
  return showTaskBox(line)
    .replace(
      /^(\s{0,3})#{4,6}\s+(.+?)\s*#*$/,
      (_, blank: string, text: string) => `${blank}${bold(text)}`,
    )
    .replace(
      /!\[([^\]]*)\]\(([^)]*)\)/g,
      (_, alt: string, url: string) => `[${alt || "picture"}](${url})`,
    )
    .replace(/<!--.*?-->/g, "")
    .replace(/<br\s*\/?>/gi, "\n");
}

const bold = (text: string): string => `**${text.replaceAll("**", "")}**`;
