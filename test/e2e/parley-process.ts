import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { PATIENCE } from "../support/patience.ts";

const Line = z.looseObject({ type: z.string() });
export type Line = z.infer<typeof Line>;

export interface ParleyOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which then ends; absent: it stays open. */
  readonly input?: string;
}

/** Parley as its own process, on pipes. */
export interface ParleyProcess {
  readonly pid: number;
  output(): string;
  errors(): string;
  /** The output's lines as JSON, under `--json`. */
  lines(): readonly Line[];
  /** The lines of one type. */
  of(type: string): readonly Line[];
  write(line: string): void;
  endInput(): void;
  /** Resolves when `check` no longer throws; rejects with its last error and what the process said. */
  until<T>(check: () => T): Promise<T>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null: it was killed. */
  readonly exited: Promise<number | null>;
}

export const MAIN = join(import.meta.dirname, "../../src/main.ts");

// Half of a start is reading the source; the first process of a run leaves it to the others.
const COMPILED = join(tmpdir(), "parley-test-compile-cache");

/** Nothing of the tests' own environment but what any program needs. */
export const environment = (
  env: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: process.env["HOME"] ?? "/tmp",
  NODE_COMPILE_CACHE: COMPILED,
  ...env,
});

export function startParley({ args = [], env, input }: ParleyOptions): ParleyProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(env) });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (errors += text));
  // It may leave before it has read everything.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<number | null>((resolve) => child.on("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  if (input !== undefined) child.stdin.end(input);
  const lines = () =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => Line.parse(JSON.parse(line)));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    errors: () => errors,
    lines,
    of: (type) => lines().filter((line) => line.type === type),
    write: (line) => void child.stdin.write(`${line}\n`),
    endInput: () => void child.stdin.end(),
    until: (check) =>
      vi.waitFor(() => {
        try {
          return check();
        } catch (error) {
          throw new Error(`${String(error)}\n${output.slice(-2000)}\n${errors.slice(-2000)}`, {
            cause: error,
          });
        }
      }, PATIENCE),
    kill: (signal) => void child.kill(signal),
    exited,
  };
}
