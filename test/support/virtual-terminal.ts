import { PassThrough, Writable } from "node:stream";
import { vi } from "vitest";
import { createScreenReader } from "./screen-reader.ts";
import type { ScreenReader } from "./screen-reader.ts";
import { PATIENCE } from "./patience.ts";

/** Streams that pass for a terminal, in this process, and a reader of what they show. */
export interface VirtualTerminal extends Pick<
  ScreenReader,
  "screen" | "scrollback" | "cursor" | "styleOf"
> {
  readonly input: PassThrough & { isTTY: boolean; setRawMode(raw: boolean): void; raw: boolean };
  readonly output: Writable & { isTTY: boolean; columns: number; rows: number };
  /** What was written since the last call, escape sequences and all. */
  written(): string;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen holds a text; rejects with the screen when it does not come. */
  shows(text: string): Promise<string>;
}

export function createVirtualTerminal(columns = 80, rows = 24): VirtualTerminal {
  const reader = createScreenReader(columns, rows);
  let written = "";
  const sink = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      reader.write(String(chunk));
      done();
    },
  });
  const output = Object.assign(sink, { isTTY: true, columns, rows });
  const keys = Object.assign(new PassThrough(), { isTTY: true, raw: false });
  const input = Object.assign(keys, { setRawMode: (raw: boolean) => void (keys.raw = raw) });
  return {
    ...reader,
    input,
    output,
    written() {
      const all = written;
      written = "";
      return all;
    },
    type: (text) => void input.write(text),
    resize(toColumns, toRows) {
      Object.assign(output, { columns: toColumns, rows: toRows });
      reader.resize(toColumns, toRows);
      output.emit("resize");
    },
    shows: (text) =>
      vi.waitFor(async () => {
        const screen = await reader.screen();
        if (!screen.includes(text)) throw new Error(`No "${text}" on the screen:\n${screen}`);
        return screen;
      }, PATIENCE),
  };
}
