import type { Clock } from "../../src/clock.ts";

/** What is being done about events, so that it can be waited for. */
export interface UnderWay {
  /** Does the work, unless no more is taken. */
  add(work: () => Promise<void>): Promise<void>;
  /** Takes no more; resolves when all has ended, or `ms` have passed. */
  end(ms: number): Promise<void>;
}

export function createUnderWay(clock: Clock): UnderWay {
  const running = new Set<Promise<unknown>>();
  let ended = false;
  return {
    async add(work) {
      if (ended) return;
      const doing = work();
      const settled = doing.catch(() => undefined).finally(() => running.delete(settled));
      running.add(settled);
      await doing;
    },
    async end(ms) {
      ended = true;
      const late = Promise.withResolvers<void>();
      const cancel = clock.setTimer(ms, late.resolve);
      await Promise.race([Promise.all(running), late.promise]);
      cancel();
    },
  };
}
