import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";

const PAUSE_MS = 5;

/** Asks `/healthz` again and again, in a thread of its own, so that nothing but the server makes it wait. */
async function ping(): Promise<void> {
  const url = z.string().parse(workerData);
  const waits: number[] = [];
  let isOver = false;
  parentPort?.once("message", () => (isOver = true));
  while (!isOver) {
    const asked = performance.now();
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    await response.arrayBuffer();
    waits.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  parentPort?.postMessage(waits);
}

await ping();
