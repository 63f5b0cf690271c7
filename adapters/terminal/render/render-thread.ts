import type { Thread } from "../../../src/adapter-kit/own-threads/thread.ts";
import { formatCount } from "../../../src/progress/format.ts";
import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import type { MessageRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import { renderFinal } from "./render-final.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { wrapProse } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";

/** A person's message. */
export function renderQuestion(
  message: Pick<MessageRecord, "text" | "files">,
  look: Look,
): string[] {
  const text = cleanText(message.text).replace(/\t/g, "    ");
  const lines = text
    .split("\n")
    .flatMap((line) => wrapProse(line, { ...look, columns: look.columns - 2 }));
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

/** Messages of a thread, without statuses. */
export const renderMessages = (messages: readonly MessageRecord[], look: BoardLook): string[] =>
  messages
    .filter(({ mark }) => mark?.kind !== "status")
    .flatMap((message) => ["", ...renderMessage(message, look)]);

function renderMessage(message: MessageRecord, look: BoardLook): string[] {
  if (message.author.kind !== "self") return renderQuestion(message, look);
  if (message.mark?.kind === "note") return renderNote(message.text, look);
  if (message.final) return renderFinal({ ...message.final, text: message.text }, look);
  return renderMarkdown(message.text, look);
}

// About what fits on a tall screen.
const RECENT_MESSAGES = 8;

/** A thread that was opened: its name and its latest messages. */
export function renderOpened(thread: Thread, look: BoardLook): string[] {
  const spoken = thread.messages().filter(({ mark }) => mark?.kind !== "status");
  const earlier = spoken.length - RECENT_MESSAGES;
  const kind = spoken.length === 0 ? "new thread" : "thread";
  return [
    "",
    look.paint("dim", `── ${kind} ${cleanLine(thread.name)} ──`),
    ...(earlier > 0 ? [look.paint("dim", `   … ${formatCount(earlier, "earlier message")}`)] : []),
    ...renderMessages(spoken.slice(-RECENT_MESSAGES), look),
  ];
}
