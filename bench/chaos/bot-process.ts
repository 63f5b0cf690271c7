import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

const Line = z.looseObject({ level: z.unknown(), msg: z.string() });

/** One start of a bot. */
export interface BotProcess {
  readonly pid: number;
  /** Resolves when it serves; never when it leaves before. */
  readonly serving: Promise<void>;
  /** With what it was killed by, or its exit code and last words. */
  readonly exited: Promise<string>;
  signal(name: NodeJS.Signals): void;
}

export interface BotProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Its log goes there as well, one start after the other. */
  readonly logFile: string;
  /** A line worth a look. */
  readonly onWarning: (message: string) => void;
}

const MAIN = join(import.meta.dirname, "../../src/main.ts");
/** Half of a start is reading the source. */
const COMPILED = join(tmpdir(), "parley-chaos-compile-cache");

/** Starts `parley start` in a process group of its own, so that Ctrl-C reaches it through us alone. */
export function startBotProcess({ env, logFile, onWarning }: BotProcessOptions): BotProcess {
  const child = spawn(process.execPath, [MAIN, "start"], {
    env: { PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const log = createWriteStream(logFile, { flags: "a" });
  const serving = Promise.withResolvers<void>();
  let lastWords = "";
  createInterface({ input: child.stderr }).on("line", (text) => {
    log.write(`${text}\n`);
    const { data } = Line.safeParse(parsed(text));
    if (data?.msg === "serving") serving.resolve();
    if (!data) lastWords = text;
    if (data?.level !== 30) onWarning(data?.msg ?? text);
  });
  const exited = exitOf(child).then((how) => {
    log.end();
    return lastWords === "" ? how : `${how}, ${lastWords}`;
  });
  return {
    pid: child.pid ?? 0,
    serving: serving.promise,
    exited,
    signal: (name) => void child.kill(name),
  };
}

const exitOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
