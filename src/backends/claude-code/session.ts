import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";
import type { BackendError } from "../backend.ts";
import {
  type CliName,
  programEnded,
  programFloods,
  programHangs,
  programUnknown,
} from "../cli/cli-failure.ts";
import type { Exit, JsonProcess } from "../cli/json-process.ts";
import type { Worker } from "../cli/pool.ts";
import { readLine, type Told } from "./wire.ts";

/** For example `{ subtype: "interrupt" }`. */
interface ControlRequest {
  readonly subtype: string;
  readonly [field: string]: unknown;
}

/** One running CLI. It takes one move at a time. */
export interface ClaudeSession extends Worker {
  /** Sends a request of control. Rejects with a `BackendError` if it is refused, if the CLI is gone, or if it says nothing for too long. */
  control(request: ControlRequest): Promise<void>;
  /** Sends a user's message. */
  say(content: unknown): void;
  /** Calls `onTold` with what the CLI tells, until the result is called. */
  listen(onTold: (told: Told) => void): () => void;
  /** Forgets everything. True if the CLI showed that it did. */
  clear(): Promise<boolean>;
  /** The error of a CLI that has ended. */
  problem(): BackendError;
}

/** Clearing takes 100 ms, setting servers 50 to 500. */
const CONTROL_MS = 5_000;
/** The first request waits until the CLI has started, which takes seconds on a busy machine. */
const START_MS = 20_000;

export interface SessionOptions {
  readonly clock: Clock;
  readonly cli: CliName;
  /** Starts the CLI. */
  readonly start: (listener: {
    readonly onValue: (value: unknown) => void;
    readonly onFlood: () => void;
  }) => JsonProcess;
  /** Called once, after its end. */
  readonly onEnd: () => Promise<void>;
}

const NO_EXIT: Exit = { code: null, signal: null };

export function createSession({ clock, cli, start, onEnd }: SessionOptions): ClaudeSession {
  const listeners = new Set<(told: Told) => void>();
  const ended: { exit: Exit; floods: boolean } = { exit: NO_EXIT, floods: false };
  const onFlood = (): void => {
    ended.floods = true;
    void child.end();
  };
  const onValue = (value: unknown): void => {
    const told = readLine(value);
    if (told.type === "reply") requests.settle(told);
    else if (told.type === "asked") child.send(refusalOf(told.id));
    for (const listener of listeners) listener(told);
  };
  const child = start({ onValue, onFlood });
  const requests = createRequests(clock, cli, (line) => child.send(line));
  const problem = (): BackendError =>
    ended.floods ? programFloods(cli) : programEnded(cli, ended.exit, child.stderr());
  const exit = child.exit.then((how) => {
    ended.exit = how;
    requests.fail(problem());
    return onEnd();
  });
  const listen: ClaudeSession["listen"] = (onTold) => {
    listeners.add(onTold);
    return () => void listeners.delete(onTold);
  };
  const session: ClaudeSession = {
    pid: child.pid,
    exit,
    hasExited: () => child.hasExited(),
    problem,
    async end() {
      await child.end();
      await exit;
    },
    control: (request) => (child.hasExited() ? Promise.reject(problem()) : requests.send(request)),
    say(content) {
      child.renew();
      child.send({ type: "user", message: { role: "user", content } });
    },
    listen,
    clear: () => clear(session, clock),
  };
  return session;
}

/** Requests of control, and their replies. */
function createRequests(clock: Clock, cli: CliName, send: (line: object) => void) {
  const replies = new Map<string, PromiseWithResolvers<void>>();
  let count = 0;
  return {
    async send(request: ControlRequest): Promise<void> {
      count += 1;
      const id = `parley-${count}`;
      const reply = Promise.withResolvers<void>();
      replies.set(id, reply);
      send({ type: "control_request", request_id: id, request });
      const isSilent = (): never => {
        throw programHangs(cli, `answer ${request.subtype}`);
      };
      const ms = count === 1 ? START_MS : CONTROL_MS;
      await withTimeout(clock, ms, reply.promise, isSilent).finally(() => replies.delete(id));
    },
    settle({ id, problem }: Extract<Told, { type: "reply" }>): void {
      if (problem === null) replies.get(id)?.resolve();
      else replies.get(id)?.reject(programUnknown(cli, problem));
    },
    fail(error: BackendError): void {
      for (const reply of replies.values()) reply.reject(error);
    },
  };
}

/** Nobody is there who could allow anything. */
const refusalOf = (id: string) => ({
  type: "control_response",
  response: { subtype: "error", request_id: id, error: "Parley does not support this request." },
});

/** `success` alone is no proof: some versions answer "/clear isn't available" with it. */
async function clear(session: ClaudeSession, clock: Clock): Promise<boolean> {
  const over = Promise.withResolvers<boolean>();
  let isReset = false;
  const leave = session.listen((told) => {
    if (told.type === "reset") isReset = true;
    if (told.type === "result") over.resolve(isReset);
  });
  void session.exit.then(() => over.resolve(false));
  session.say("/clear");
  try {
    return (await withTimeout(clock, CONTROL_MS, over.promise)) ?? false;
  } finally {
    leave();
  }
}
