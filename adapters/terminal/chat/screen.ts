import { keepStyles } from "../render/styles.ts";
import { cutToWidth, widthOf } from "../render/width.ts";

/** Where a screen is drawn: a terminal's standard output, or a stream in its place. */
export interface ScreenOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** What stands at the bottom: rows redrawn in place, and where the cursor is in them. */
export interface Live {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** Text that scrolls up above a live area that is redrawn in place. Everything printed stays in the terminal's own scrollback. */
export interface Screen {
  /** To be called first. */
  open(): void;
  /** Size in columns and rows, of now. */
  size(): { readonly columns: number; readonly rows: number };
  /** Lines above the live area. */
  print(lines: readonly string[]): void;
  /** Redraws what differs. */
  draw(live: Live): void;
  /** To be called when the size has changed, before the next draw. */
  resized(): void;
  /** Erases everything that is visible; the live area stands at the top. */
  wipe(): void;
  /** Takes the live area away for good; what is drawn later is not shown. */
  close(): void;
}

const CSI = "\u001B[";
// The terminal holds its picture back between these two (where it does not know them, it ignores them): no flicker.
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
      output.write(PASTE_ON);
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

/** All rows anew, from the top left of the live area. */
const fresh = (live: Live): string => live.rows.join("\r\n") + toCursor(live, live.rows.length - 1);

function toCursor({ cursor }: Live, from: number): string {
  const right = cursor.column > 0 ? `${CSI}${cursor.column}C` : "";
  return `${up(from - cursor.row)}\r${right}`;
}

/** What turns one live area into the other: only the rows that differ are written. */
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

/** A line feed goes down one row, and makes one at the bottom of the screen. */
function changedRow(text: string, before: string | undefined, y: number): string {
  const down = y === 0 ? "" : "\r\n";
  return text === before ? down : `${down}${text}${CLEAR_RIGHT}`;
}

/** The top of a live area that the terminal has wrapped anew to another width. */
function toWrappedTop({ rows, cursor }: Live, columns: number): string {
  const heights = rows
    .slice(0, cursor.row)
    .map((row) => Math.max(1, Math.ceil(widthOf(row) / columns)));
  const above = heights.reduce((sum, height) => sum + height, 0);
  return `\r${up(above + Math.floor(cursor.column / columns))}`;
}
