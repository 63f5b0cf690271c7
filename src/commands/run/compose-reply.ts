import type { CommandReply, ReplyBlock } from "../../reply.ts";

const textBlocks = (lines: readonly string[]): readonly ReplyBlock[] =>
  lines.length > 0 ? [{ type: "text", markdown: lines.join("\n") }] : [];

/** A reply that only the asker sees. */
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

/** A command that a platform delivered again: its first delivery has the reply. */
export const REPEATED: CommandReply = { title: "", blocks: [], visibleTo: "nobody", ok: true };

/** A reply that everyone in the thread sees. */
export const publicly = (title: string, lines: readonly string[]): CommandReply => ({
  ...privately(title, lines),
  visibleTo: "everyone",
});

const LONGEST_TITLE = 300;

/** Shortens a line that repeats what somebody typed. */
export const brief = (text: string): string =>
  text.length <= LONGEST_TITLE ? text : `${text.slice(0, LONGEST_TITLE).toWellFormed()}…`;

/** A refusal that only the asker sees; the lines say what to do instead. */
export const refused = (
  title: string,
  lines: readonly string[],
  blocks: readonly ReplyBlock[] = [],
): CommandReply => ({ ...privately(brief(title), lines, blocks), ok: false });

/** For people who may not see files and variables. */
export const WHO_KNOWS = "The people who run Parley can find out why.";

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A name from a file or a platform, safe inside Markdown. */
export const plain = (text: string): string => text.replaceAll(/([\\`*_~|<>[\]])/g, "\\$1");
