import type { Clock } from "../../../src/clock.ts";

/** Shards whose new session has begun, while what was said before it is still being read. */
export interface CatchingUp {
  begins(shard: number): void;
  ends(shard: number): void;
  /** Resolves when that is over, or has taken long enough: what is said now comes after what was said before. */
  over(shard: number): Promise<void>;
}

/** Longer than most shards take; whoever writes meanwhile must not wait much longer than that. */
const LONGEST_MS = 10_000;
/** It is counted in steps: while the process is stopped, nothing is read. */
const STEP_MS = 500;

export function createCatchingUp(clock: Clock): CatchingUp {
  const shards = new Map<number, PromiseWithResolvers<void>>();
  const end = (shard: number) => {
    shards.get(shard)?.resolve();
    shards.delete(shard);
  };
  const count = (shard: number, over: PromiseWithResolvers<void>, left: number): void => {
    if (left <= 0) return over.resolve();
    clock.setTimer(STEP_MS, () => {
      if (shards.get(shard) === over) count(shard, over, left - STEP_MS);
    });
  };
  return {
    begins(shard) {
      end(shard);
      const over = Promise.withResolvers<void>();
      shards.set(shard, over);
      count(shard, over, LONGEST_MS);
    },
    ends: end,
    over: async (shard) => shards.get(shard)?.promise,
  };
}
