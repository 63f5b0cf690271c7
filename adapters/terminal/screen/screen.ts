import { keepStyles, cutToWidth, widthOf } from "../render/lines.ts";

/** A terminal's standard output, or a stream in its place. */
export interface ScreenOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The rows at the bottom that are redrawn in place, and the cursor in them. */
export interface Live {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** Printed text above a live area that is redrawn in place. Printed text stays in the terminal's scrollback. */
export interface Screen {
  /** Call this first. */
  open(): void;
  /** The current size. */
  size(): { readonly columns: number; readonly rows: number };
  /** Prints lines above the live area. */
  print(lines: readonly string[]): void;
  /** Redraws rows that changed. */
  draw(live: Live): void;
  /** Call this when the size has changed, before the next draw. */
  resized(): void;
  /** Clears the screen; the live area moves to the top. */
  wipe(): void;
  /** Writes a sequence that draws nothing: a title, a bell, the clipboard. */
  tell(sequence: string): void;
  /** Removes the live area. Later draws have no effect. */
  close(): void;
}

const CSI = "\u001B[";
// Synchronized output: the terminal renders once, without flicker. Others ignore it.
const SYNC_ON = `${CSI}?2026h`;
const SYNC_OFF = `${CSI}?2026l`;
const PASTE_ON = `${CSI}?2004h`;
const PASTE_OFF = `${CSI}?2004l`;
const CLEAR_BELOW = `${CSI}J`;
const CLEAR_RIGHT = `${CSI}K`;
const HIDE_CURSOR = `${CSI}?25l`;
const SHOW_CURSOR = `${CSI}?25h`;
const HOME_AND_CLEAR = `${CSI}H${CSI}2J`;

const EMPTY: Live = { rows: [], cursor: { row: 0, column: 0 } };

export function createScreen(output: ScreenOutput): Screen {
  let drawn = EMPTY;
  let isOpen = false;
  const size = () => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 });
  const write = (text: string) =>
    output.write(`${SYNC_ON}${HIDE_CURSOR}${text}${SHOW_CURSOR}${SYNC_OFF}`);
  return {
    open() {
      isOpen = true;
      // What was typed during the start stands at the cursor; it is read as keys now.
      output.write(`\r${CLEAR_BELOW}${PASTE_ON}`);
    },
    size,
    print(lines) {
      const above = lines.map((line) => `${keepStyles(line)}\r\n`).join("");
      write(toTop(drawn) + CLEAR_BELOW + above + fresh(drawn));
    },
    draw(live) {
      if (!isOpen) return;
      const rows = live.rows.map((row) => cutToWidth(keepStyles(row), size().columns));
      const next = { ...live, rows };
      const changes = difference(drawn, next);
      drawn = next;
      if (changes !== "") write(changes);
    },
    resized() {
      write(toWrappedTop(drawn, size().columns) + CLEAR_BELOW);
      drawn = EMPTY;
    },
    wipe() {
      write(HOME_AND_CLEAR + fresh(drawn));
    },
    tell(sequence) {
      if (isOpen) output.write(sequence);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      write(toTop(drawn) + CLEAR_BELOW);
      drawn = EMPTY;
      output.write(PASTE_OFF);
    },
  };
}

const up = (rows: number): string => (rows > 0 ? `${CSI}${rows}A` : "");
const toTop = ({ cursor }: Live): string => `\r${up(cursor.row)}`;

/** Draws all rows, from the top left of the live area. */
const fresh = (live: Live): string => live.rows.join("\r\n") + toCursor(live, live.rows.length - 1);

function toCursor({ cursor }: Live, from: number): string {
  const right = cursor.column > 0 ? `${CSI}${cursor.column}C` : "";
  return `${up(from - cursor.row)}\r${right}`;
}

/** Writes only the rows that differ. */
function difference(before: Live, after: Live): string {
  if (before.rows.length === 0) return CLEAR_BELOW + fresh(after);
  const same =
    before.rows.length === after.rows.length &&
    before.rows.every((row, y) => row === after.rows[y]);
  const { row, column } = after.cursor;
  if (same && row === before.cursor.row && column === before.cursor.column) return "";
  const rows = after.rows.map((text, y) => changedRow(text, before.rows[y], y));
  const surplus = before.rows.length > after.rows.length ? `\r\n${CLEAR_BELOW}${up(1)}` : "";
  return toTop(before) + rows.join("") + surplus + toCursor(after, after.rows.length - 1);
}

/** A line feed moves down one row, or scrolls at the bottom. */
function changedRow(text: string, before: string | undefined, y: number): string {
  const down = y === 0 ? "" : "\r\n";
  return text === before ? down : `${down}${text}${CLEAR_RIGHT}`;
}

/** Moves to the top of a live area that the terminal has rewrapped. */
function toWrappedTop({ rows, cursor }: Live, columns: number): string {
  const heights = rows
    .slice(0, cursor.row)
    .map((row) => Math.max(1, Math.ceil(widthOf(row) / columns)));
  const above = heights.reduce((sum, height) => sum + height, 0);
  return `\r${up(above + Math.floor(cursor.column / columns))}`;
}
