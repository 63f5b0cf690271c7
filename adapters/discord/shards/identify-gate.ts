import type { Clock } from "../../../src/clock.ts";
import type { HeldLock, TakeLock } from "../../../src/adapter-storage.ts";
import { sleep } from "../../../src/timers.ts";

export interface IdentifyGate {
  /** Resolves when a shard may identify; rejects when the signal is aborted. */
  pass(bucket: number, signal: AbortSignal): Promise<void>;
  /** Holds up nobody any more. */
  end(): Promise<void>;
}

/** Discord takes one IDENTIFY of a bucket in this time; a moment more for clocks and the way. */
const EVERY_MS = 5_250;
const LOOK_MS = 250;

/** Lets the shards of all processes identify one after the other. discord.js would, for those of one client. */
export function createIdentifyGate(take: TakeLock, clock: Clock): IdentifyGate {
  const held = new Map<HeldLock, () => void>();
  const giveBack = async (lock: HeldLock): Promise<void> => {
    held.get(lock)?.();
    held.delete(lock);
    // A store that fails lets go of it by itself.
    await lock.release().catch(() => undefined);
  };
  return {
    async pass(bucket, signal) {
      for (;;) {
        signal.throwIfAborted();
        const lock = await take(`discord:identify:${bucket}`).catch(() => null);
        if (lock) {
          held.set(
            lock,
            clock.setTimer(EVERY_MS, () => void giveBack(lock)),
          );
          return;
        }
        await sleep(clock, LOOK_MS);
      }
    },
    async end() {
      await Promise.all([...held.keys()].map(giveBack));
    },
  };
}
