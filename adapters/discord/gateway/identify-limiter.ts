import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";
import type { Clock } from "../../../src/clock.ts";
import { sleep } from "../../../src/timers.ts";

export interface IdentifyLimiter {
  /** Resolves when a shard of the bucket may identify; rejects when the signal aborts. */
  wait(bucket: number, signal: AbortSignal): Promise<void>;
  /** Releases all locks, so other processes need not wait. */
  close(): Promise<void>;
}

/** Discord accepts one IDENTIFY per bucket in 5 s; the rest allows for clocks and latency. */
const PERIOD_MS = 5_250;
const POLL_MS = 250;

/** Lets the shards of all processes identify one after the other; discord.js does so only within one client. */
export function createIdentifyLimiter(take: TakeLock, clock: Clock): IdentifyLimiter {
  const held = new Map<HeldLock, () => void>();
  const release = async (lock: HeldLock): Promise<void> => {
    held.get(lock)?.();
    held.delete(lock);
    // A failing store drops the lock by itself.
    await lock.release().catch(() => undefined);
  };
  return {
    async wait(bucket, signal) {
      for (;;) {
        signal.throwIfAborted();
        const lock = await take(`discord:identify:${bucket}`).catch(() => null);
        if (lock) {
          held.set(
            lock,
            clock.setTimer(PERIOD_MS, () => void release(lock)),
          );
          return;
        }
        await sleep(clock, POLL_MS);
      }
    },
    async close() {
      await Promise.all([...held.keys()].map(release));
    },
  };
}
