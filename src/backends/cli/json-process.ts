import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Clock } from "../../clock.ts";
import type { Redact } from "../../text/redact.ts";
import { withTimeout } from "../../timers.ts";
import { createLineReader } from "./line-reader.ts";
import { guardGroup, signalGroup } from "./process-group.ts";
import { createTextTail, type TextTail } from "./text-tail.ts";

/** What is run. */
export interface CliCommand {
  /** An absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The working folder. */
  readonly cwd: string;
}

/** Waits of the kill sequence, ms. */
export interface EndTimes {
  /** For the cancelled moves to report. */
  readonly cancel: number;
  /** After the end of stdin. */
  readonly stdin: number;
  /** After SIGTERM. */
  readonly term: number;
}

export const END_TIMES: EndTimes = { cancel: 1000, stdin: 1000, term: 1000 };

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It did not even start. */
  readonly problem?: Error;
}

export interface JsonProcessOptions {
  readonly clock: Clock;
  readonly redact: Redact;
  readonly times?: EndTimes;
  /** Called with each JSON value of stdout. Other lines are left out. */
  readonly onValue: (value: unknown) => void;
  /** Called once when stdout is a flood: a line or the whole beyond `MOST`. */
  readonly onFlood: () => void;
}

/** A CLI that speaks JSON lines on stdin and stdout, in a process group of its own that does not outlive this process. */
export interface JsonProcess {
  /** Undefined: it did not start. */
  readonly pid: number | undefined;
  /** Resolves once it is gone and its output is read. Never rejects. */
  readonly exit: Promise<Exit>;
  hasExited(): boolean;
  /** Writes one line. Nothing happens if it is gone. */
  send(value: unknown): void;
  /** A new move begins: what stdout brought before counts no longer. */
  renew(): void;
  /** The last 4 kB of stderr, without secrets. */
  stderr(): string;
  /** Ends it and its group: `cancel` (which may take `times.cancel`), end of stdin, SIGTERM, SIGKILL. Resolves once it is gone. */
  end(cancel?: () => Promise<unknown>): Promise<void>;
}

/** Limits of stdout: characters of a line, bytes between two calls of `renew`, lines that are no JSON. */
export const MOST = { line: 16_000_000, bytes: 64_000_000, noise: 10_000 } as const;
const STDERR_SHOWN = 4096;
/** A descendant may hold stdout open after the CLI has ended, ms. */
const REST_MS = 250;

export function startJsonProcess(command: CliCommand, options: JsonProcessOptions): JsonProcess {
  const { clock, redact, times = END_TIMES } = options;
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: { ...command.env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const tail = createTextTail(STDERR_SHOWN, redact);
  const output = readOutput(child, tail, options);
  const exit = exitOf(child, clock);
  let hasExited = false;
  void exit.then(() => (hasExited = true));
  const { pid } = child;
  if (pid !== undefined) {
    const callOff = guardGroup(pid);
    void exit.then(() => {
      // Its children may still be there.
      signalGroup(pid, "SIGKILL");
      callOff();
    });
  }
  let ending: Promise<void> | undefined;
  return {
    pid,
    exit,
    hasExited: () => hasExited,
    send: (value) => void (child.stdin.writable && child.stdin.write(`${JSON.stringify(value)}\n`)),
    renew: () => output.renew(),
    stderr: () => tail.read(),
    end: (cancel) => (ending ??= end(child, exit, { clock, times, cancel })),
  };
}

/** Reads both streams to their ends, whatever comes. */
function readOutput(
  child: ChildProcessWithoutNullStreams,
  tail: TextTail,
  { onValue, onFlood }: JsonProcessOptions,
) {
  const flow = { bytes: 0, noise: 0, isFlood: false };
  const flood = (): void => {
    if (!flow.isFlood) onFlood();
    flow.isFlood = true;
  };
  const take = createLineReader({
    longestLine: MOST.line,
    onTooLong: flood,
    onLine(line) {
      const value = flow.isFlood ? undefined : parsed(line);
      if (value !== undefined) onValue(value);
      else if (++flow.noise > MOST.noise) flood();
    },
  });
  child.stdout.on("data", (bytes: Buffer) => {
    flow.bytes += bytes.length;
    if (flow.bytes > MOST.bytes) flood();
    else take(bytes);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => tail.add(text));
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => {});
  return {
    renew() {
      flow.bytes = 0;
      flow.noise = 0;
    },
  };
}

/** Undefined: no JSON object. */
function parsed(line: string): unknown {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function exitOf(child: ChildProcessWithoutNullStreams, clock: Clock): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("error", (problem) => {
      // Later errors are of signals.
      if (child.pid === undefined) resolve({ code: null, signal: null, problem });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
    child.once("exit", (code, signal) => {
      clock.setTimer(REST_MS, () => resolve({ code, signal }));
    });
  });
}

interface Ending {
  readonly clock: Clock;
  readonly times: EndTimes;
  readonly cancel: (() => Promise<unknown>) | undefined;
}

async function end(
  child: ChildProcessWithoutNullStreams,
  exit: Promise<Exit>,
  { clock, times, cancel }: Ending,
): Promise<void> {
  const isGone = (ms: number) => withTimeout(clock, ms, exit);
  if (cancel) await withTimeout(clock, times.cancel, Promise.race([settled(cancel), exit]));
  child.stdin.end();
  if (await isGone(times.stdin)) return;
  const { pid } = child;
  if (pid !== undefined) signalGroup(pid, "SIGTERM");
  if (await isGone(times.term)) return;
  if (pid !== undefined) signalGroup(pid, "SIGKILL");
  await exit;
}

const settled = (work: () => Promise<unknown>): Promise<unknown> =>
  Promise.resolve()
    .then(work)
    .catch(() => undefined);
