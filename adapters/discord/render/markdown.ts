import { revealLinks } from "../../../src/links/reveal-links.ts";
import { withoutSign } from "./small-print.ts";
import { isTableHead, isTableRow, showTable } from "./table.ts";

/** Discord's limit for a message, UTF-16 code units. */
export const MESSAGE_LIMIT = 2_000;

/**
 * Converts Markdown to what Discord renders: tables to code blocks, task lists to boxes, small headings to bold, images to links. If the
 * result is longer than `most`, tables are not aligned; if it still is, the Markdown stays as it is.
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
    for (const line of showBlock(lines.slice(at, at + block.length), block.kind, aligned)) {
      shown.push(line);
    }
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
  if (fence !== undefined) {
    return { kind: "code", length: indexOf(lines, at + 1, closing(fence)) + 1 - at };
  }
  if (isTableHead(line, lines[at + 1])) {
    return { kind: "table", length: indexOf(lines, at + 2, (row) => !isTableRow(row)) - at };
  }
  return { kind: "line", length: 1 };
}

/** The first wanted line from `from` on, or the number of lines. */
function indexOf(
  lines: readonly string[],
  from: number,
  isWanted: (line: string) => boolean,
): number {
  let at = from;
  while (at < lines.length && !isWanted(lines[at] ?? "")) at++;
  return at;
}

const closing = (fence: string) => (line: string) => {
  const text = line.replace(/^[\s>]*/, "").trimEnd();
  return text.startsWith(fence) && text === (fence[0] ?? "`").repeat(text.length);
};

function showBlock(lines: readonly string[], kind: Block["kind"], aligned: boolean) {
  if (kind === "table") return [showTable(lines, aligned)];
  return kind === "code" ? lines.map(backticked) : lines.map(showLine);
}

/** Discord does not support tildes as fences. */
const backticked = (line: string): string =>
  line.replace(
    /^(\s*)(~{3,})/,
    (_, blank: string, tildes: string) => blank + "`".repeat(tildes.length),
  );

function showLine(line: string): string {
  if (/^\s{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)) return "———";
  const shown = showHeading(showTaskBox(line)).replace(PICTURE, showPicture);
  return withoutComments(shown).replace(/<br\s*\/?>/gi, "\n");
}

/** Excludes nested openings, so that matching takes linear time. */
const PICTURE = /!\[([^[\]]*)\]\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;

const showPicture = (_: string, alt: string, url: string): string =>
  `[${alt || "picture"}](${url})`;

function showHeading(line: string): string {
  const [start, blank = ""] = /^(\s{0,3})#{4,6}(?=\s)/.exec(line) ?? [];
  if (start === undefined) return line;
  const text = line.slice(start.length).trim();
  const end = lengthWithout(text, "#");
  return end === 0 ? line : `${blank}${bold(text.slice(0, end).trimEnd())}`;
}

/** The length of a text without these characters at its end. */
function lengthWithout(text: string, character: string): number {
  let end = text.length;
  while (text[end - 1] === character) end--;
  return end;
}

function withoutComments(line: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let at = line.indexOf("<!--"); at >= 0; at = line.indexOf("<!--", from)) {
    const end = line.indexOf("-->", at + 4);
    if (end < 0) break;
    kept.push(line.slice(from, at));
    from = end + 3;
  }
  return kept.join("") + line.slice(from);
}

const bold = (text: string): string => `**${text.replaceAll("**", "")}**`;

const WRITTEN = /^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\]\s/;
const SHOWN = /^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)([☐☑])\s/gm;

/** Shows a task list's boxes, which Discord does not render. */
export const showTaskBox = (line: string): string =>
  line.replace(WRITTEN, (_, start: string, box: string) => `${start}${box === " " ? "☐" : "☑"} `);

/** Reads the boxes back as Markdown. */
export const readTaskBoxes = (text: string): string =>
  text.replace(SHOWN, (_, start: string, box: string) => `${start}[${box === "☐" ? " " : "x"}] `);
