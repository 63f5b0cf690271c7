import { Worker } from "node:worker_threads";
import type { HostileJob, HostileReport } from "./hostile-worker.ts";

/** A reader that says nothing for so long never ends: the slowest takes a hundredth of it, ms. */
const PATIENCE_MS = 120_000;

/** Runs jobs in a thread of its own. */
export interface WatchedWorker {
  /**
   * A job's problems, in sentences. A reader that never ends becomes one that names it and its text: in the thread of the tests it would hold
   * up the whole run.
   */
  problems(job: HostileJob): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const HOSTILE_WORKER = new URL("./hostile-worker.ts", import.meta.url);

/** `patienceMs` counts from when a reader has begun. */
export function startWatchedWorker(
  module = HOSTILE_WORKER,
  patienceMs = PATIENCE_MS,
): WatchedWorker {
  let worker: Worker | undefined;
  const stop = async () => {
    const stopped = worker;
    worker = undefined;
    await stopped?.terminate();
  };
  return {
    stop,
    problems(job) {
      worker ??= new Worker(module);
      const current = worker;
      const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
      const giveUp = (what: string) => {
        void stop();
        resolve([`It never ended: ${what}`]);
      };
      let silence = setTimeout(giveUp, PATIENCE_MS, "its thread did not begin.");
      const onMessage = (message: HostileReport) => {
        clearTimeout(silence);
        if (message.type === "ended") return resolve(message.problems);
        silence = setTimeout(giveUp, patienceMs, `“${message.reader}”, of ${message.what}`);
      };
      current.on("message", onMessage).on("error", reject);
      current.postMessage(job);
      return promise.finally(() => {
        clearTimeout(silence);
        current.off("message", onMessage).off("error", reject);
      });
    },
  };
}
