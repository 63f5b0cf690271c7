import xterm from "@xterm/headless";

/** A terminal emulator that nobody looks at: what was written to it, as a person would see it. */
export interface ScreenReader {
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** The visible rows, without trailing spaces and empty rows at the end. */
  screen(): Promise<string>;
  /** The visible rows and all that has scrolled away. */
  scrollback(): Promise<string>;
  /** Where the cursor is: column and row from 0. */
  cursor(): Promise<{ column: number; row: number }>;
  /** The style of the first cell where a text stands: its palette colour (-1: none) and whether it is bold. */
  styleOf(text: string): Promise<{ colour: number; bold: boolean } | undefined>;
}

export function createScreenReader(columns: number, rows: number): ScreenReader {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    scrollback: 5000,
  });
  const buffer = () => terminal.buffer.active;
  // The emulator parses in slices; an empty write comes back when all before it is done.
  const settled = () => new Promise<void>((resolve) => terminal.write("", resolve));
  const line = (y: number) => buffer().getLine(y)?.translateToString(true).trimEnd() ?? "";
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, y) => line(from + y))
      .join("\n")
      .trimEnd();
  return {
    write: (data) => terminal.write(data),
    resize: (toColumns, toRows) => terminal.resize(toColumns, toRows),
    async screen() {
      await settled();
      return lines(buffer().baseY, buffer().baseY + terminal.rows);
    },
    async scrollback() {
      await settled();
      return lines(0, buffer().length);
    },
    async cursor() {
      await settled();
      return { column: buffer().cursorX, row: buffer().cursorY };
    },
    async styleOf(text) {
      await settled();
      for (let y = buffer().length - 1; y >= 0; y--) {
        const x = line(y).indexOf(text);
        const cell = x >= 0 ? buffer().getLine(y)?.getCell(x) : undefined;
        if (cell)
          return { colour: cell.isFgDefault() ? -1 : cell.getFgColor(), bold: cell.isBold() > 0 };
      }
      return undefined;
    },
  };
}
