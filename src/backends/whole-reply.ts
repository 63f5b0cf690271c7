import { setTimeout as sleep } from "node:timers/promises";
import type { BackendEvent } from "./backend.ts";

const SIGN_MS = 10_000;

/** Waits for a reply that arrives as a whole, with signs of life, because its silence says nothing. */
export async function* whileWaiting<T>(
  reply: Promise<T>,
): AsyncGenerator<readonly BackendEvent[], T> {
  const arrival = new AbortController();
  const arrived = reply.finally(() => arrival.abort());
  // It is awaited below.
  arrived.catch(() => {});
  while (!arrival.signal.aborted) {
    await sleep(SIGN_MS, undefined, { signal: arrival.signal }).catch(() => {});
    if (!arrival.signal.aborted) yield [{ type: "alive" }];
  }
  return arrived;
}
