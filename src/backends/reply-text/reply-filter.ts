import { createCodeTracker, type CodeFence, readBlock, readCode } from "./code.ts";
import { readOpening } from "./opening.ts";
import { readMarkup } from "./read-markup.ts";
import { readCallRegion, readThought } from "./regions.ts";
import { type ReplyPiece, say, type Scan, take } from "./scan.ts";

/** Separates answer, thoughts and tool calls that a model or its server left in one text. Never touches code. */
export interface ReplyFilter {
  /** The pieces that are certain by now. */
  push(text: string): readonly ReplyPiece[];
  /** The rest. */
  end(): readonly ReplyPiece[];
  /** The server sends thoughts by themselves, so that a lone end of a thought in the text means nothing. */
  noteThought(): void;
}

export function createReplyFilter(): ReplyFilter {
  const scan: Scan = {
    buffer: "",
    isWhole: false,
    mode: "text",
    fence: null,
    said: false,
    hasThought: false,
    isDoubtful: false,
    blanks: "",
    fenceClosed: false,
    wrapped: false,
    searched: 0,
    code: createCodeTracker(),
    out: [],
  };
  const read = (): readonly ReplyPiece[] => {
    while (scan.buffer !== "" && step(scan));
    return joined(scan.out.splice(0));
  };
  return {
    push(text) {
      scan.buffer += text;
      return read();
    },
    end() {
      scan.isWhole = true;
      return read();
    },
    noteThought: () => void (scan.hasThought = true),
  };
}

/** Reads the beginning of the buffer. False: it needs more text. */
function step(scan: Scan): boolean {
  const { mode } = scan;
  if (mode === "dropped") return take(scan, scan.buffer.length) !== "";
  if (mode !== "text") {
    return "callUntil" in mode ? readCallRegion(scan, mode) : readThought(scan, mode.thoughtUntil);
  }
  if (scan.fence) return readFencedCode(scan, scan.fence);
  if (!scan.said) {
    const opening = readOpening(scan);
    if (opening !== "none") return opening === "read";
  }
  return readText(scan);
}

const SPECIAL = /[`~<[◁]/;

function readText(scan: Scan): boolean {
  const at = scan.buffer.search(SPECIAL);
  if (at !== 0) {
    say(scan, take(scan, at === -1 ? scan.buffer.length : at));
    return true;
  }
  return /^[`~]/.test(scan.buffer) ? readTicks(scan) : readMarkup(scan);
}

function readTicks(scan: Scan): boolean {
  const found = readCode(scan.buffer, scan.code.mayFence(), scan.isWhole);
  if (found.kind === "wait") return false;
  say(scan, take(scan, found.length));
  if (found.kind === "fence") scan.fence = found.fence;
  return true;
}

function readFencedCode(scan: Scan, fence: CodeFence): boolean {
  const isLineStart = scan.code.line === "";
  const found = readBlock(scan.buffer, fence, { isLineStart, isWhole: scan.isWhole });
  if (found === "wait") return false;
  say(scan, take(scan, found.length));
  if (found.closed) scan.fence = null;
  return true;
}

/** Joins neighbours of one kind. */
function joined(pieces: readonly ReplyPiece[]): readonly ReplyPiece[] {
  const all: ReplyPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    const isSame = last?.type === piece.type && "text" in piece && "text" in last;
    if (isSame) all[all.length - 1] = { ...piece, text: last.text + piece.text };
    else all.push(piece);
  }
  return all;
}
