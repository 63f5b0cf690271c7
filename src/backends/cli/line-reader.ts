import { StringDecoder } from "node:string_decoder";

export interface LineReaderOptions {
  /** Characters. A longer line is dropped. */
  readonly longestLine: number;
  /** Called with each whole line, without its end. Blank lines are left out. */
  readonly onLine: (line: string) => void;
  /** Called once for each line that is dropped, as soon as it is too long. */
  readonly onTooLong: () => void;
}

/** Takes bytes in any pieces. */
export type LineReader = (bytes: Uint8Array) => void;

/** Cuts a stream of bytes into lines. Keeps at most one line in memory; what follows the last line end is not a line. */
export function createLineReader({
  longestLine,
  onLine,
  onTooLong,
}: LineReaderOptions): LineReader {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  let length = 0;
  let isDropped = false;
  const keep = (piece: string): void => {
    length += piece.length;
    if (length <= longestLine) {
      pieces.push(piece);
      return;
    }
    pieces = [];
    if (!isDropped) onTooLong();
    isDropped = true;
  };
  const end = (): void => {
    const line = pieces.join("");
    const isWhole = !isDropped && line.trim() !== "";
    pieces = [];
    length = 0;
    isDropped = false;
    if (isWhole) onLine(line);
  };
  return (bytes) => {
    const [first = "", ...rest] = decoder.write(bytes).split("\n");
    keep(first);
    for (const piece of rest) {
      end();
      keep(piece);
    }
  };
}
