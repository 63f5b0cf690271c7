/** A code block that is open. */
export interface CodeFence {
  readonly char: string;
  readonly length: number;
}

/** List markers, quote marks and spaces: what may stand before a code block's first line. */
const BEFORE_FENCE = /^(?:[ \t>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*$/;
const INDENTED = /^(?: {4}|\t)/;

/** Where a reader stands in Markdown, line by line. */
export interface CodeTracker {
  /** The line so far. */
  readonly line: string;
  /** The line is part of an indented code block. */
  readonly isIndentedCode: () => boolean;
  /** Whether a fence may begin here. */
  readonly mayFence: () => boolean;
  /** Moves on past this text. */
  readonly pass: (text: string) => void;
}

/** Keeps the start of a long line only: nothing else is asked for. */
const LONGEST_LINE = 400;

export function createCodeTracker(): CodeTracker {
  let line = "";
  let isAfterBlank = true;
  let isAfterCode = false;
  const isIndentedCode = () => INDENTED.test(line) && (isAfterBlank || isAfterCode);
  const endLine = () => {
    isAfterCode = isIndentedCode();
    isAfterBlank = line.trim() === "";
    line = "";
  };
  return {
    get line() {
      return line;
    },
    isIndentedCode,
    mayFence: () => BEFORE_FENCE.test(line),
    pass(text) {
      const lines = text.split("\n");
      for (const [at, part] of lines.entries()) {
        if (at > 0) endLine();
        if (part === "") continue;
        line =
          line.length < LONGEST_LINE ? line + part : line.slice(0, 40) + part.slice(-LONGEST_LINE);
      }
    },
  };
}

/** How much of `text` is code, from its first backtick on. */
export type CodeSpan =
  | { readonly kind: "span"; readonly length: number }
  | { readonly kind: "fence"; readonly fence: CodeFence; readonly length: number }
  | { readonly kind: "literal"; readonly length: number }
  | { readonly kind: "wait" };

/** Reads what begins with backticks or tildes. `mayFence`: only list or quote marks stand before it on its line. */
export function readCode(text: string, mayFence: boolean, isWhole: boolean): CodeSpan {
  const run = /^(`+|~+)/.exec(text)?.[0] ?? "";
  if (run.length === text.length && !isWhole && run.length < LONGEST_LINE) return { kind: "wait" };
  const fence = mayFence && run.length >= 3 ? readFence(text, run, isWhole) : null;
  if (fence) return fence;
  return run.startsWith("~")
    ? { kind: "literal", length: run.length }
    : readSpan(text, run, isWhole);
}

function readFence(text: string, run: string, isWhole: boolean): CodeSpan | null {
  const end = text.indexOf("\n");
  if (end === -1 && !isWhole && text.length < LONGEST_LINE) return { kind: "wait" };
  const info = text.slice(run.length, end === -1 ? undefined : end);
  if (run.startsWith("`") && info.includes("`")) return null;
  const fence = { char: run.charAt(0), length: run.length };
  return { kind: "fence", fence, length: run.length + info.length };
}

/** A stray backtick must not hold back the rest of a long paragraph. */
const LONGEST_SPAN = 4000;

/** Inline code ends with as many backticks as it began with, in its own paragraph. */
function readSpan(text: string, run: string, isWhole: boolean): CodeSpan {
  const closing = new RegExp(`\n[ \t]*\n|(?<!\`)${run}(?!\`)`, "g");
  closing.lastIndex = run.length;
  const found = closing.exec(text);
  if (found?.[0] === run) {
    // More backticks may follow.
    if (closing.lastIndex === text.length && !isWhole) return { kind: "wait" };
    return { kind: "span", length: closing.lastIndex };
  }
  if (!found && !isWhole && text.length < LONGEST_SPAN) return { kind: "wait" };
  return { kind: "literal", length: run.length };
}

/** Models end their reply right behind a block. */
const END_TOKEN =
  "<\\|(?:im_end|end|return|endoftext|end_of_text|eo[tm]_id)\\|>|</s>|<end_of_turn>|<｜end";

/** How far the text is inside the open block. `closed`: its last line is part of it. */
export function readBlock(
  text: string,
  fence: CodeFence,
  { isLineStart, isWhole }: { readonly isLineStart: boolean; readonly isWhole: boolean },
): { readonly length: number; readonly closed: boolean } | "wait" {
  const closing = new RegExp(
    `^[ \t>]*\\${fence.char}{${fence.length},}[ \t]*(?=\n|$|${END_TOKEN})`,
  );
  for (
    let at = isLineStart ? 0 : behindLine(text, 0);
    at < text.length;
    at = behindLine(text, at)
  ) {
    const line = text.slice(at);
    if (!isWhole && MAY_CLOSE.test(line)) return at > 0 ? { length: at, closed: false } : "wait";
    const found = closing.exec(line)?.[0];
    if (found !== undefined) return { length: at + found.length, closed: true };
  }
  return { length: text.length, closed: false };
}

/** The last line, which may become the closing one. */
const MAY_CLOSE = /^[ \t>]*(?:[`~]+[ \t]*)?(?:<[^\n>]{0,20})?$/;

const behindLine = (text: string, from: number): number => {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end + 1;
};
