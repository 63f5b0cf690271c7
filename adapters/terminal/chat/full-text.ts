/** A Markdown text that streams in, printed block by block. */
export interface FullText {
  readonly append: (text: string) => void;
  /** The text starts over. */
  readonly reset: () => void;
  /** The blocks that are complete and were not taken yet; "" if there are none. */
  readonly takeReady: () => string;
  /** Whether anything was taken since the text began. */
  readonly isBegun: () => boolean;
  /** The text after the last complete block, or its last `most` characters. */
  readonly pending: (most: number) => string;
  /** What a final text adds to what was taken; undefined: it does not begin with that. */
  readonly restOf: (final: string) => string | undefined;
}

interface Reading {
  taken: string;
  ready: string;
  /** The lines after the last complete block. */
  block: string;
  /** The last line, which has no end yet. */
  line: string;
  /** The line that opened a code block. */
  fence: string | undefined;
  /** A blank line may end the block: the next one decides. */
  isBlank: boolean;
}

const BEGINNING: Reading = {
  taken: "",
  ready: "",
  block: "",
  line: "",
  fence: undefined,
  isBlank: false,
};

export function createFullText(): FullText {
  const reading = { ...BEGINNING };
  return {
    append(text) {
      const { taken, ready, block, line } = reading;
      const isFirst = [taken, ready, block, line].every((part) => part === "");
      // Only the new piece is looked at, for a line may be long and come in many pieces.
      for (const [index, piece] of (isFirst ? text.trimStart() : text).split("\n").entries()) {
        if (index > 0) {
          readLine(reading, reading.line);
          reading.line = "";
        }
        reading.line += piece;
      }
    },
    reset: () => void Object.assign(reading, BEGINNING),
    takeReady() {
      const { ready } = reading;
      reading.taken += ready;
      reading.ready = "";
      return ready;
    },
    isBegun: () => reading.taken !== "",
    pending(most) {
      const text = reading.block + reading.line;
      if (text.length <= most) return text;
      const end = text.slice(-most);
      const open = reading.fence === undefined ? "" : `${reading.fence}\n`;
      return open + end.slice(end.indexOf("\n") + 1).toWellFormed();
    },
    restOf(final) {
      const text = final.trimStart();
      return text.startsWith(reading.taken) ? text.slice(reading.taken.length) : undefined;
    },
  };
}

/** A block ends at a blank line outside of code, unless what follows is indented, and so belongs to it. */
function readLine(reading: Reading, line: string): void {
  const isBlank = line.trim() === "";
  if (reading.isBlank && !isBlank && !/^\s/.test(line)) {
    reading.ready += reading.block;
    reading.block = "";
  }
  if (reading.fence === undefined) reading.fence = openingOf(line);
  else if (closes(line, reading.fence)) reading.fence = undefined;
  reading.isBlank = reading.fence === undefined && isBlank;
  reading.block += `${line}\n`;
}

const openingOf = (line: string): string | undefined =>
  /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:`{3,}[^`]*$|~{3,})/.test(line) ? line : undefined;

function closes(line: string, fence: string): boolean {
  const [mark = "```"] = /`{3,}|~{3,}/.exec(fence) ?? [];
  const closing = line.trim();
  return closing.length >= mark.length && closing === mark.charAt(0).repeat(closing.length);
}
