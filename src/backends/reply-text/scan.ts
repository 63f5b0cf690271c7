import type { CodeFence, CodeTracker } from "./code.ts";

/** What a model's text consists of. */
export type ReplyPiece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "tool_call"; readonly name: string; readonly arguments: string }
  /** The text so far was thinking: its end has come without its beginning. */
  | { readonly type: "retracted" };

/** The state of a filter. `buffer`: what is not decided yet. */
export interface Scan {
  buffer: string;
  /** No more text comes. */
  isWhole: boolean;
  mode: "text" | "dropped" | { readonly thoughtUntil: RegExp } | CallRegion;
  fence: CodeFence | null;
  /** Any text that shows has come. */
  said: boolean;
  hasThought: boolean;
  /** A thought has ended that looked like text; it is taken back if more text follows. */
  isDoubtful: boolean;
  /** The text since then. */
  blanks: string;
  /** The prompt's fences have been closed: what opens one now is no answer. */
  fenceClosed: boolean;
  /** The answer stands in a tag of its own. */
  wrapped: boolean;
  /** How much of the buffer was searched for a closer. */
  searched: number;
  readonly code: CodeTracker;
  readonly out: ReplyPiece[];
}

export interface CallRegion {
  readonly callUntil: RegExp | null;
  readonly isCertain: boolean;
  readonly closer?: RegExp;
  /** gpt-oss names the tool in the header. */
  readonly name?: string | undefined;
  /** The call stands in a thought that goes on until this. */
  readonly thoughtUntil?: RegExp | undefined;
}

/** Removes the buffer's beginning. */
export function take(scan: Scan, length: number): string {
  const taken = scan.buffer.slice(0, length);
  scan.buffer = scan.buffer.slice(length);
  scan.searched = 0;
  return taken;
}

/** The text belongs to the answer. */
export function say(scan: Scan, text: string): void {
  if (text === "") return;
  const shows = text.trim() !== "";
  if (scan.isDoubtful) {
    // Blanks decide nothing.
    scan.blanks += text;
    if (!shows) return;
    retract(scan);
    return say(scan, scan.blanks);
  }
  scan.said ||= shows;
  scan.code.pass(text);
  scan.out.push({ type: "text", text });
}

export function think(scan: Scan, text: string): void {
  if (text !== "") scan.out.push({ type: "thinking", text });
}

/** The text so far was a thought. */
export function retract(scan: Scan): void {
  scan.isDoubtful = false;
  scan.said = false;
  scan.hasThought = true;
  scan.out.push({ type: "retracted" });
}

/** Where `closer` matches in the buffer, at `from` or later. Remembers what was searched, so that a long wait stays linear. */
export function searchCloser(scan: Scan, closer: RegExp, from: number): RegExpExecArray | null {
  const pattern = new RegExp(closer.source, `${closer.flags.replace("g", "")}g`);
  pattern.lastIndex = Math.max(from, scan.searched - LONGEST_CLOSER);
  const found = pattern.exec(scan.buffer);
  scan.searched = found ? 0 : scan.buffer.length;
  return found;
}

const LONGEST_CLOSER = 60;
