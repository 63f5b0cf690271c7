import type { CommandReply, ReplyBlock } from "../reply.ts";

const textBlocks = (lines: readonly string[]): readonly ReplyBlock[] =>
  lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];

/** What concerns the asker alone. */
export const privately = (
  title: string,
  lines: readonly string[],
  blocks: readonly ReplyBlock[] = [],
): CommandReply => ({
  title,
  blocks: [...textBlocks(lines), ...blocks],
  visibleTo: "asker",
  ok: true,
});

/** What everybody in the thread should know. */
export const publicly = (title: string, lines: readonly string[]): CommandReply => ({
  ...privately(title, lines),
  visibleTo: "everyone",
});

/** What cannot be done and what can, told to the asker alone. */
export const refused = (
  title: string,
  lines: readonly string[],
  blocks: readonly ReplyBlock[] = [],
): CommandReply => ({ ...privately(title, lines, blocks), ok: false });

/** For those to whom files and variables are not shown. */
export const WHO_KNOWS = "Whoever runs Parley can find out why.";

/** A command as people type it. */
export const typed = (words: string): string => `\`${words}\``;

/** A name from a file or a platform, safe inside Markdown. */
export const plain = (text: string): string => text.replaceAll(/([\\`*_~|<>[\]])/g, "\\$1");
