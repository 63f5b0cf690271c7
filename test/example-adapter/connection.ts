import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { retry } from "../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/platform.ts";
import { withTimeout } from "../../src/timers.ts";
import type { LinesSettings } from "./settings.ts";
import { Identity, parseLine, type WireEvent } from "./wire.ts";

interface Request {
  readonly call: string;
  readonly [field: string]: unknown;
}

export interface ConnectionOptions {
  readonly settings: LinesSettings;
  readonly clock: Clock;
  readonly onEvent: (event: WireEvent) => void;
  /** Connected again after `downMs` without a connection. */
  readonly onBack: (downMs: number) => void;
}

export interface Connection {
  /** Resolves to the bot's own id. Rejects with a `PlatformError` that says what to do. */
  open(): Promise<string>;
  close(): void;
  isUp(): boolean;
  /** Rejects with a `PlatformError`. */
  call<T>(request: Request, result: z.ZodType<T>): Promise<T>;
}

const ANSWER_MS = 10_000;
const LONGEST_WAIT_MS = 30_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { settings, clock, onEvent, onBack } = options;
  const waiting = new Map<number, Waiting>();
  const stopped = new AbortController();
  let socket: Socket | undefined;
  let lastCall = 0;

  const hear = (line: string) => {
    const parsed = parseLine(line);
    if (parsed && "event" in parsed) return onEvent(parsed);
    const call = parsed && waiting.get(parsed.reply);
    if (!call) return;
    waiting.delete(parsed.reply);
    if (parsed.error === undefined) call.resolve(parsed.result);
    else call.reject(explain(parsed.error));
  };
  const lose = () => {
    socket = undefined;
    for (const { reject } of waiting.values()) reject(new PlatformError("unknown", LOST));
    waiting.clear();
  };
  const call: Connection["call"] = async (request, result) => {
    if (!socket) throw new PlatformError("rejected", "Lines is not connected.");
    const n = ++lastCall;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(n, answer);
    socket.write(`${JSON.stringify({ ...request, n })}\n`);
    const timeout = () => {
      waiting.delete(n);
      throw new PlatformError("unknown", "Lines did not answer in time.");
    };
    return result.parse(await withTimeout(clock, ANSWER_MS, answer.promise, timeout));
  };
  const dial = async (): Promise<string> => {
    const opened = connect(settings.port, settings.host);
    opened.on("error", () => {});
    await Promise.race([once(opened, "connect"), once(opened, "close").then(refuse)]);
    createInterface({ input: opened })
      .on("line", hear)
      .on("error", () => {});
    socket = opened;
    opened.once("close", lose);
    try {
      const { id } = await call({ call: "hello", token: settings.token }, Identity);
      opened.once("close", () => void reopen(clock.now()));
      return id;
    } catch (error) {
      opened.destroy();
      throw error;
    }
  };
  const reopen = async (downSince: number) => {
    const delayAfter = (_: unknown, failures: number) =>
      Math.min(LONGEST_WAIT_MS, 250 * 2 ** failures);
    await retry(dial, { clock, signal: stopped.signal, delayAfter })
      .then(() => onBack(clock.now() - downSince))
      .catch(() => {});
  };
  return {
    open: dial,
    close() {
      stopped.abort(new Error("Parley is stopping."));
      socket?.destroy();
    },
    isUp: () => socket !== undefined && !stopped.signal.aborted,
    call,
  };
}

const LOST = "The connection to Lines was lost.";

function refuse(): never {
  throw new PlatformError("unknown", "Lines cannot be reached: check LINES_ADDRESS.");
}

function explain(code: string): PlatformError {
  if (code === "no_such_message") return new PlatformError("gone", "There is no such message.");
  if (code === "bad_token")
    return new PlatformError("rejected", "Lines does not accept the token: check LINES_TOKEN.");
  return new PlatformError("rejected", `Lines refused the call (${code}).`);
}
