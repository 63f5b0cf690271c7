import type { Thread } from "../../../src/adapter-kit/own-threads/thread.ts";
import { formatCount } from "../../../src/progress/format.ts";
import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import type { MessageRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import type { Steps } from "../../../src/slices.ts";
import { renderingFinal } from "./render-final.ts";
import { renderingMarkdown } from "./render-markdown.ts";
import { wrapProse } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";

// A long paste is a few lines of what is shown; the models get all of it.
const MOST_QUESTION_LINES = 12;
const LONGEST_QUESTION_LINE = 2_000;

/** A person's message. */
export function renderQuestion(
  message: Pick<MessageRecord, "text" | "files">,
  look: Look,
): string[] {
  const text = cleanText(message.text).replace(/\t/g, "    ");
  const all = text.split("\n");
  const more = all.length - MOST_QUESTION_LINES;
  const lines = (more > 1 ? all.slice(0, MOST_QUESTION_LINES) : all).flatMap((line) =>
    wrapProse(line.slice(0, LONGEST_QUESTION_LINE), { ...look, columns: look.columns - 2 }),
  );
  if (more > 1) lines.push(`… ${formatCount(more, "more line")}`);
  const files = message.files.map(
    ({ name, bytes }) => `+ ${cleanLine(name)} (${formatBytes(bytes)})`,
  );
  return [
    ...lines.map(
      (line, index) => `${look.paint("cyan", index === 0 ? "›" : " ")} ${look.paint("bold", line)}`,
    ),
    ...files.map((line) => `  ${look.paint("dim", line)}`),
  ];
}

/** A note. */
export const renderNote = (text: string, look: Look): string[] =>
  cleanText(text)
    .split("\n")
    .flatMap((line) => wrapProse(line, { ...look, columns: look.columns - 2 }))
    .map(
      (line, index) =>
        `${look.paint("yellow", index === 0 ? "·" : " ")} ${look.paint("dim", line)}`,
    );

/** A thread that was opened: its name and its last exchange; `whole`: all messages. */
export function* renderingOpened(
  thread: Thread,
  look: BoardLook,
  extent: "last exchange" | "whole" = "last exchange",
): Steps<string[]> {
  const spoken = thread.messages().filter(({ mark }) => mark?.kind !== "status");
  const last = spoken.findLastIndex(({ author }) => author.kind !== "self");
  const from = extent === "whole" ? 0 : Math.max(0, last);
  const kind = spoken.length === 0 ? "new thread" : "thread";
  const earlier = `   … ${formatCount(from, "earlier message")}: /open shows the whole thread`;
  const lines = [
    look.paint("dim", `── ${kind} ${cleanLine(thread.name)} ──`),
    ...(from > 0 ? [look.paint("dim", earlier)] : []),
  ];
  for (const message of spoken.slice(from)) {
    lines.push("", ...(yield* renderingMessage(message, look)));
    yield;
  }
  return lines;
}

function* renderingMessage(message: MessageRecord, look: BoardLook): Steps<string[]> {
  if (message.author.kind !== "self") return renderQuestion(message, look);
  if (message.mark?.kind === "note") return renderNote(message.text, look);
  if (message.final) return yield* renderingFinal({ ...message.final, text: message.text }, look);
  return yield* renderingMarkdown(message.text, look);
}
