import { formatDuration, formatSpent } from "../../progress/format.ts";
import type { Footer } from "../../progress/final-view.ts";
import { hasEnded, type StatusView } from "../../progress/status-view.ts";
import type { CommandReply, ReplyBlock } from "../../reply.ts";

/** How a platform writes plain text. */
export interface PlainText {
  /** Makes a text safe to show: names, notes, anything that people or models wrote. */
  readonly escape: (text: string) => string;
  /** The longest text of one message, in UTF-16 code units. */
  readonly maxLength: number;
}

const joined = (parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(" · ");

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

/** The status of a turn: a headline, a line for each agent, the tally, waiting messages, a note. */
export function plainStatus(view: StatusView, { escape, maxLength }: PlainText): string {
  const { tokens, money } = formatSpent(view);
  const head = joined([
    escape(view.team),
    view.phase,
    view.round > 0 ? `round ${view.round}` : "",
    formatDuration(view.elapsedMs),
    view.tokens > 0 ? tokens : "",
    view.tokens > 0 ? money : "",
  ]);
  const agents = view.agents.map(({ label, name, status, note }) =>
    joined([
      `- ${label === null ? "" : `${label} `}${escape(name)}: ${status}`,
      escape(note ?? ""),
    ]),
  );
  const scores = view.tally.map(({ name, text }) => `${escape(name)} ${text}`);
  const waiting = hasEnded(view) ? [] : view.waiting;
  const lines = [
    head,
    ...agents,
    ...(scores.length > 0 ? [`Tally: ${scores.join(" · ")}`] : []),
    ...waiting.map(({ author, excerpt }) => `Waiting: ${escape(author)}: ${escape(excerpt)}`),
    ...(view.note === "" ? [] : [escape(view.note)]),
  ];
  return fitLines(lines, maxLength);
}

/** What stands under a final answer: who wrote it, what it cost, and what readers should know. */
export function plainFooter(footer: Footer, { escape, maxLength }: PlainText): string {
  const { tokens, money } = formatSpent(footer);
  const facts = joined([
    escape(footer.presenter),
    escape(footer.team),
    escape(footer.tally),
    formatDuration(footer.elapsedMs),
    tokens,
    money,
  ]);
  return fitLines([facts, ...footer.notes.map(escape)], maxLength);
}

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
      return block.rows.map((row) => `- ${joined(row.map((cell) => escape(cell.trim())))}`);
  }
}
