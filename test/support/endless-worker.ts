import { parentPort } from "node:worker_threads";
import type { HostileReport } from "./hostile-worker.ts";

/** A reader that begins and never ends, for the test of who watches it. */
parentPort?.once("message", () => {
  const began: HostileReport = { type: "began", reader: "reads for ever", what: "a text" };
  parentPort?.postMessage(began);
  for (;;);
});
