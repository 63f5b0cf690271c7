import { onTestFinished, vi } from "vitest";
import { createScreenReader } from "./screen-reader.ts";
import type { ScreenReader } from "./screen-reader.ts";
import { PATIENCE } from "./patience.ts";

/** A program on a terminal of its own, and a reader of its screen. */
export interface Pty extends Pick<ScreenReader, "scrollback"> {
  readonly pid: number;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen holds a text; rejects with the screen when it does not come. */
  shows(text: string): Promise<string>;
  /** All that was written, escape sequences and all. */
  written(): string;
  readonly exited: Promise<number>;
}

export interface PtyOptions {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

// Generous: two cores may be busy with everything else.

const loaded = await import("@lydell/node-pty").catch(() => undefined);

/** False on a system that the package has no binary for: tests of real terminals are skipped there. */
export const hasPty = loaded !== undefined;

/** Starts Node on a new terminal; it is killed when the test ends. */
export function startPty({ args, env, columns, rows }: PtyOptions): Pty {
  if (!loaded) throw new Error("There are no pseudo-terminals here: check hasPty first.");
  const reader = createScreenReader(columns, rows);
  let written = "";
  const size = { cols: columns, rows };
  const child = loaded.spawn(process.execPath, [...args], {
    ...size,
    name: env["TERM"] ?? "xterm-256color",
    env,
  });
  child.onData((data) => {
    written += data;
    reader.write(data);
  });
  const exited = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => resolve(exitCode)),
  );
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return {
    pid: child.pid,
    scrollback: () => reader.scrollback(),
    type: (keys) => child.write(keys),
    resize(toColumns, toRows) {
      reader.resize(toColumns, toRows);
      child.resize(toColumns, toRows);
    },
    shows: (text) =>
      vi.waitFor(async () => {
        const screen = await reader.screen();
        if (!screen.includes(text)) throw new Error(`No "${text}" on the screen:\n${screen}`);
        return screen;
      }, PATIENCE),
    written: () => written,
    exited,
  };
}
