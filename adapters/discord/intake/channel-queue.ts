import { createKeyedQueue, type KeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import { isTransient, retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";

/** Handles the events of a channel one after the other, each with retries. */
export type ChannelQueue = Pick<KeyedQueue, "run">;

export function createChannelQueue(clock: Clock): ChannelQueue {
  const queue = createKeyedQueue();
  return { run: (channel, task) => queue.run(channel, () => retryEvent(clock, task)) };
}

/** Delays between tries, ms: half a minute in all, as long as a store or Discord may be down. */
const DELAYS_MS = [250, 1_000, 4_000, 8_000, 16_000] as const;

/** The gateway delivers each event once, so an event that cannot be stored is retried here. Rejects with the last error. */
export const retryEvent = <T>(clock: Clock, task: () => Promise<T>): Promise<T> =>
  retry(task, {
    clock,
    delayAfter: (error, failures) => (isTransient(error) ? DELAYS_MS[failures - 1] : undefined),
  });
