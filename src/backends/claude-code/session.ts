import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";
import { BackendError } from "../backend.ts";
import type { JsonProcess } from "../cli/json-process.ts";
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
  /** The last it wrote to stderr. */
  stderr(): string;
}

/** Clearing takes 100 ms, setting servers 50 to 500. */
const CONTROL_MS = 5_000;

export interface SessionOptions {
  readonly clock: Clock;
  /** Starts the CLI. */
  readonly start: (onValue: (value: unknown) => void) => JsonProcess;
  /** Called once, after its end. */
  readonly onEnd: () => Promise<void>;
}

export function createSession({ clock, start, onEnd }: SessionOptions): ClaudeSession {
  const listeners = new Set<(told: Told) => void>();
  const replies = new Map<string, PromiseWithResolvers<void>>();
  let count = 0;
  const child = start((value) => {
    const told = readLine(value);
    if (told.type === "reply") settle(replies.get(told.id), told.problem);
    else if (told.type === "asked") child.send(refusalOf(told.id));
    for (const listener of listeners) listener(told);
  });
  const exit = child.exit.then(onEnd);
  void child.exit.then(() => {
    for (const reply of replies.values()) reply.reject(gone(child));
  });
  const listen: ClaudeSession["listen"] = (onTold) => {
    listeners.add(onTold);
    return () => void listeners.delete(onTold);
  };
  const session: ClaudeSession = {
    pid: child.pid,
    exit,
    hasExited: () => child.hasExited(),
    stderr: () => child.stderr(),
    async end() {
      await child.end();
      await exit;
    },
    async control(request) {
      if (child.hasExited()) throw gone(child);
      count += 1;
      const id = `parley-${count}`;
      const reply = Promise.withResolvers<void>();
      replies.set(id, reply);
      child.send({ type: "control_request", request_id: id, request });
      const isSilent = (): never => {
        throw new BackendError("timeout", `Claude Code did not answer ${request.subtype}.`);
      };
      await withTimeout(clock, CONTROL_MS, reply.promise, isSilent).finally(() =>
        replies.delete(id),
      );
    },
    say: (content) => child.send({ type: "user", message: { role: "user", content } }),
    listen,
    clear: () => clear(session, clock),
  };
  return session;
}

function settle(reply: PromiseWithResolvers<void> | undefined, problem: string | null): void {
  if (problem === null) reply?.resolve();
  else reply?.reject(new BackendError("bad_request", `Claude Code refused: ${problem}`));
}

/** Nobody is there who could allow anything. */
const refusalOf = (id: string) => ({
  type: "control_response",
  response: { subtype: "error", request_id: id, error: "Parley does not support this request." },
});

/** The error of a CLI that has ended. */
export function gone(child: Pick<JsonProcess, "stderr">): BackendError {
  const words = child.stderr();
  const said = words === "" ? "It said nothing." : `It said: ${words}`;
  return new BackendError("incomplete", `Claude Code ended unexpectedly. ${said}`);
}

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
