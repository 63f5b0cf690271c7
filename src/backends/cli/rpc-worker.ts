import type { Redact } from "../../text/redact.ts";
import type { BackendError } from "../backend.ts";
import type { CliHost } from "./cli-host.ts";
import { type CliName, programEnded, programFloods } from "./cli-failure.ts";
import { type CliCommand, startJsonProcess } from "./json-process.ts";
import { createJsonRpc, type JsonRpc, type JsonRpcOptions } from "./json-rpc.ts";
import type { Worker } from "./pool.ts";

export interface RpcWorkerOptions extends Pick<
  JsonRpcOptions,
  "namesVersion" | "onNotification" | "onRequest"
> {
  readonly host: Pick<CliHost, "clock" | "folders">;
  readonly cli: CliName;
  readonly command: CliCommand;
  readonly redact: Redact;
  /** Its private folder, wiped when it is gone. */
  readonly folder: string;
}

/** A CLI that speaks JSON-RPC over lines. */
export interface RpcWorker extends Worker {
  /** Its calls reject with a `BackendError` once the CLI is gone. */
  readonly rpc: JsonRpc;
  /** Resolves once the CLI is gone, or about to go, with the reason. */
  readonly broken: Promise<BackendError>;
  /** A move begins. */
  renew(): void;
}

export function startRpcWorker(options: RpcWorkerOptions): RpcWorker {
  const { host, cli, redact, folder } = options;
  const broken = Promise.withResolvers<BackendError>();
  let isFlooded = false;
  const fail = (error: BackendError): void => {
    rpc.fail(error);
    broken.resolve(error);
  };
  const child = startJsonProcess(options.command, {
    clock: host.clock,
    redact,
    onValue: (value) => rpc.receive(value),
    onFlood() {
      isFlooded = true;
      fail(programFloods(cli));
      void child.end();
    },
  });
  const rpc = createJsonRpc({ ...options, clock: host.clock, send: (value) => child.send(value) });
  const gone = child.exit.then(async (exit) => {
    fail(programEnded(cli, exit, child.stderr()));
    await host.folders.wipe(folder);
  });
  return {
    pid: child.pid,
    exit: child.exit,
    hasExited: () => isFlooded || child.hasExited(),
    rpc,
    broken: broken.promise,
    renew: () => child.renew(),
    async end() {
      await child.end();
      await gone;
    },
  };
}
