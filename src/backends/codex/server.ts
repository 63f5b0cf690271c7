import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BackendError } from "../backend.ts";
import { programUnknown } from "../cli/cli-failure.ts";
import type { Worker } from "../cli/pool.ts";
import { type RpcWorker, type RpcWorkerOptions, startRpcWorker } from "../cli/rpc-worker.ts";
import { type CodexErrors, codexFailure } from "./failure.ts";
import { Notice, StartedThread, StartedTurn } from "./wire.ts";

/** Waits, ms. The program is ready in 130 ms, on a busy machine in seconds. */
export interface CodexTimes {
  readonly initialize: number;
  readonly request: number;
  /** For the end of an interrupted turn. */
  readonly cancel: number;
}

export const CODEX_TIMES: CodexTimes = { initialize: 20_000, request: 10_000, cancel: 2000 };

export interface ThreadSetup {
  readonly model: string;
  readonly system: string;
  readonly onNotice: (method: string, notice: Notice) => void;
}

/** A thread for one move. It leaves nothing on disk. */
export interface CodexThread {
  /** Resolves when the turn has begun. Rejects with a `BackendError`. */
  begin(
    input: readonly object[],
    outputSchema: object | undefined,
    effort: string | undefined,
  ): Promise<void>;
  interrupt(): void;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface CodexServer extends Worker {
  /** Resolves once the program is gone, or about to go, with the reason. */
  readonly broken: Promise<BackendError>;
  /** Rejects with a `BackendError`. */
  open(setup: ThreadSetup): Promise<CodexThread>;
}

export interface CodexServerOptions extends Pick<
  RpcWorkerOptions,
  "host" | "cli" | "command" | "redact" | "folder"
> {
  readonly errors: CodexErrors;
  readonly times: CodexTimes;
}

type Threads = Map<string, ThreadSetup["onNotice"]>;

/** Starts a server, ready for threads. Rejects with a `BackendError`. */
export async function startCodexServer(options: CodexServerOptions): Promise<CodexServer> {
  const { errors, times } = options;
  const threads: Threads = new Map();
  const worker = startRpcWorker({
    ...options,
    namesVersion: false,
    onNotification(method, params) {
      const { data } = Notice.safeParse(params);
      if (data) threads.get(data.threadId)?.(method, data);
    },
    // It asks whether it may run or change something.
    onRequest: (method) => (/approval/i.test(method) ? { decision: "decline" } : undefined),
  });
  const clientInfo = { name: "parley", title: "Parley", version: "1" };
  try {
    await worker.rpc.call("initialize", { clientInfo }, times.initialize);
    worker.rpc.notify("initialized");
    return { ...worker, open: (setup) => open({ ...options, worker, threads }, setup) };
  } catch (error) {
    void worker.end();
    throw codexFailure(error, "start", errors);
  }
}

interface Running extends CodexServerOptions {
  readonly worker: RpcWorker;
  readonly threads: Threads;
}

async function open(
  running: Running,
  { model, system, onNotice }: ThreadSetup,
): Promise<CodexThread> {
  const { worker, threads, times, folder, errors } = running;
  const { rpc } = worker;
  worker.renew();
  await mkdir(join(folder, "work"), { recursive: true, mode: 0o700 });
  const cwd = await mkdtemp(join(folder, "work", "thread-"));
  const ask = async (method: string, params: object, what: string): Promise<unknown> => {
    try {
      return await rpc.call(method, params, times.request);
    } catch (error) {
      throw codexFailure(error, what, errors);
    }
  };
  const started = StartedThread.safeParse(
    await ask("thread/start", { model, cwd, baseInstructions: system, ...QUIET }, "open a thread"),
  );
  if (!started.success)
    throw programUnknown(errors.cli, "its answer to thread/start cannot be read");
  const threadId = started.data.thread.id;
  threads.set(threadId, onNotice);
  let turnId: string | undefined;
  return {
    async begin(input, outputSchema, effort) {
      const params = {
        threadId,
        input,
        ...(outputSchema && { outputSchema }),
        ...(effort && { effort }),
      };
      const turn = StartedTurn.safeParse(await ask("turn/start", params, "begin"));
      if (!turn.success)
        throw programUnknown(errors.cli, "its answer to turn/start cannot be read");
      turnId = turn.data.turn.id;
    },
    interrupt() {
      if (turnId !== undefined) rpc.call("turn/interrupt", { threadId, turnId }).catch(() => {});
    },
    async close() {
      threads.delete(threadId);
      await rpc.call("thread/unsubscribe", { threadId }, times.cancel).catch(() => undefined);
      await rm(cwd, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** A thread that only writes: it cuts what Codex adds to each prompt by half. */
const QUIET = {
  ephemeral: true,
  approvalPolicy: "never",
  sandbox: "read-only",
  developerInstructions: "",
  config: {
    features: { goals: false, view_image: false, unbounded_connection_retries: false },
    tools: { view_image: false },
    agents: { enabled: false },
    skills: { include_instructions: false },
  },
};
