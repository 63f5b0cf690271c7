import { type Footer, formatFooter, shownNotes } from "../../progress/final-view.ts";
import { doingWords, phaseWords, shownAgents, shownNote } from "../../progress/status-words.ts";
import { hasEnded, type StatusView } from "../../progress/status-view.ts";
import type { CommandReply, ReplyBlock } from "../../reply.ts";
import { fenced } from "./fence.ts";

/** How a platform writes plain text. */
export interface PlainText {
  /** Makes a text safe to show: names, notes, anything that people or models wrote. */
  readonly escape: (text: string) => string;
  /** The longest text of one message, in UTF-16 code units. */
  readonly maxLength: number;
}

/** Joins facts with dots; empty ones are left out. */
export const joinFacts = (facts: readonly string[]): string =>
  facts.filter((fact) => fact !== "").join(" · ");

/** "Council is answering · 12s", "Council answered in 12s". `team`: the name as the platform shows it; `sinceMs`: the view's age. */
export const headline = (view: StatusView, team: string, sinceMs = 0): string =>
  `${team} ${phaseWords(view, sinceMs)}`;

/** Who wrote the answer, what it cost, and what readers should know. */
export const footerLines = (footer: Footer): readonly string[] => [
  formatFooter(footer),
  ...shownNotes(footer),
];

type Table = Extract<ReplyBlock, { type: "table" }>;

/** A command's reply as Markdown: its title, then its blocks. The platform formats texts and tables. */
export const markdownReply = (
  { title, ok, blocks }: CommandReply,
  format: {
    readonly text: (markdown: string) => string;
    readonly table: (table: Table) => string;
  },
): string =>
  [`${ok ? "" : "⚠️ "}**${title}**`, ...blocks.map((block) => blockMarkdown(block, format))]
    .filter((part) => part.trim() !== "")
    .join("\n\n");

/** A part of a command's reply as Markdown. */
export function blockMarkdown(
  block: ReplyBlock,
  format: Parameters<typeof markdownReply>[1],
): string {
  switch (block.type) {
    case "text":
      return format.text(block.markdown);
    case "code":
      return fenced(block.text, block.language);
    case "table":
      return format.table(block);
  }
}

/** Keeps whole lines, as many as fit, and says that some are left out. */
function fitLines(lines: readonly string[], maxLength: number): string {
  const text = lines.join("\n");
  if (text.length <= maxLength) return text;
  const kept: string[] = [];
  let length = 2;
  for (const line of lines) {
    length += line.length + 1;
    if (length > maxLength) break;
    kept.push(line);
  }
  return [...kept, "…"].join("\n").slice(0, maxLength);
}

/** The status of a turn: a headline, a line for each agent, waiting messages, a note. */
export function plainStatus(view: StatusView, { escape, maxLength }: PlainText): string {
  const agents = shownAgents(view).map(
    (agent) => `- ${escape(agent.name)} ${escape(doingWords(agent))}`,
  );
  const waiting = hasEnded(view) ? [] : view.waiting;
  const note = shownNote(view);
  const lines = [
    headline(view, escape(view.team)),
    ...agents,
    ...waiting.map(({ author, excerpt }) => `Waiting: ${escape(author)}: ${escape(excerpt)}`),
    ...(note === "" ? [] : [escape(note)]),
  ];
  return fitLines(lines, maxLength);
}

/** The footer of a final answer. */
export const plainFooter = (footer: Footer, { escape, maxLength }: PlainText): string =>
  fitLines(footerLines(footer).map(escape), maxLength);

/** The reply of a command: its title, then its blocks; a table is a line per row. */
export function plainReply(
  { title, blocks }: CommandReply,
  { escape, maxLength }: PlainText,
): string {
  const lines = [escape(title), ...blocks.flatMap((block) => blockLines(block, escape))];
  return fitLines(lines, maxLength);
}

function blockLines(block: ReplyBlock, escape: PlainText["escape"]): readonly string[] {
  switch (block.type) {
    case "text":
      return escape(block.markdown).split("\n");
    case "code":
      return block.text.split("\n");
    case "table":
      return block.rows.map((row) => `- ${joinFacts(row.map((cell) => escape(cell.trim())))}`);
  }
}
