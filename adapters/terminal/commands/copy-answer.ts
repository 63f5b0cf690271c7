import { formatCount } from "../../../src/progress/format.ts";
import { privately, refused } from "../../../src/commands/run/compose-reply.ts";
import { code } from "../../../src/text/spelling.ts";
import { type MarkdownBlock, parseMarkdown } from "../../../src/markdown/parse-markdown.ts";
import type { MessageRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { cleanText } from "../../../src/text/clean-text.ts";
import type { Room } from "../room.ts";

interface CopyPorts {
  readonly room: Pick<Room, "thread">;
  /** Writes to the person's clipboard; false: this terminal has none. */
  readonly copy: (text: string) => boolean;
}

/** `/copy`: the last answer as it was written, or one of its code blocks. */
export function copyAnswer({ room, copy }: CopyPorts, words: readonly string[]): CommandReply {
  const answer = lastAnswer(room.thread()?.messages() ?? []);
  if (answer === undefined) return refused("Nothing to copy", ["There is no answer here yet."]);
  const blocks = codeBlocks(answer);
  const [which] = words;
  const text = which === undefined ? answer : blocks[Number(which) - 1];
  if (text === undefined) return refused(`There is no code block ${which}.`, [howMany(blocks)]);
  if (!copy(cleanText(text)))
    return refused("Not copied", ["Copying needs a terminal that draws on the screen."]);
  const what = which === undefined ? "The answer" : `Code block ${which}`;
  const size = formatCount(text.split("\n").length, "line");
  const more = which === undefined && blocks.length > 0 ? [howMany(blocks)] : [];
  return privately(`${what} is on its way to the clipboard (${size})`, [
    ...more,
    "If it does not arrive, allow OSC 52 in the terminal; in tmux: `set -g set-clipboard on`.",
  ]);
}

const howMany = (blocks: readonly string[]): string =>
  blocks.length === 0
    ? "The answer has no code blocks."
    : `The answer has ${formatCount(blocks.length, "code block")}: ${code("/copy 1")} copies the first.`;

/** A long answer may stand in several messages. */
function lastAnswer(messages: readonly MessageRecord[]): string | undefined {
  const last = messages.findLast(({ mark }) => mark?.kind === "final")?.mark;
  if (!last) return undefined;
  const parts = messages.filter(({ mark }) => mark?.kind === "final" && mark.turn === last.turn);
  return parts.map(({ text }) => text).join("\n\n");
}

/** The code blocks of a text, wherever they stand, byte for byte. */
const codeBlocks = (markdown: string): readonly string[] => parseMarkdown(markdown).flatMap(codeIn);

const codeIn = (block: MarkdownBlock): readonly string[] => {
  if (block.type === "code") return [block.value];
  if (block.type === "list")
    return block.children.flatMap(({ children }) => children.flatMap(codeIn));
  return block.type === "blockquote" || block.type === "footnoteDefinition"
    ? block.children.flatMap(codeIn)
    : [];
};
