import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";

/** Tracks the events that an adapter is handling, so that it can stop without breaking off any. */
export interface Drain {
  /** False once `close` was called. */
  isOpen(): boolean;
  /** Runs and tracks the task, and settles as it does; undefined: closed, so the task did not run. */
  run<T>(task: () => Promise<T>): Promise<T | undefined>;
  /** Accepts no more tasks; resolves when all of them have settled, or after `ms`. */
  close(ms: number): Promise<void>;
}

export function createDrain(clock: Clock): Drain {
  const running = new Set<Promise<unknown>>();
  let isOpen = true;
  return {
    isOpen: () => isOpen,
    async run(task) {
      if (!isOpen) return undefined;
      const result = task();
      const settled = result.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
      return result;
    },
    async close(ms) {
      isOpen = false;
      await withTimeout(clock, ms, Promise.all(running));
    },
  };
}
