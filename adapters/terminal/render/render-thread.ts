import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import type { MessageRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import type { Look } from "./paint.ts";
import type { BoardLook } from "./render-board.ts";
import { renderFinal } from "./render-final.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { wrapProse } from "./wrap-prose.ts";

/** What a person wrote, as it stands above the answer. */
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

/** A line for people. */
export const renderNote = (text: string, look: Look): string[] =>
  cleanText(text)
    .split("\n")
    .flatMap((line) => wrapProse(line, { ...look, columns: look.columns - 2 }))
    .map(
      (line, index) =>
        `${look.paint("yellow", index === 0 ? "·" : " ")} ${look.paint("dim", line)}`,
    );

/** Messages of a thread as they looked when they came; statuses are left out. */
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
