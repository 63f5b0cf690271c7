import type { Clock } from "../../src/clock.ts";

interface Timer {
  readonly due: number;
  readonly fn: () => void;
}

/** A clock that moves only when told to. */
export interface FakeClock extends Clock {
  /** Fires every timer due within `ms`, in order, letting promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Jumps to the next timer and fires it; false when none is set. */
  next(): Promise<boolean>;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createFakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<Timer>();
  const earliest = (): Timer | undefined =>
    [...timers].reduce<Timer | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);
  const fire = async (timer: Timer) => {
    now = Math.max(now, timer.due);
    timers.delete(timer);
    timer.fn();
    await settle();
  };
  return {
    now: () => now,
    setTimer(ms, fn) {
      const timer = { due: now + Math.max(0, ms), fn };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = earliest(); timer && timer.due <= until; timer = earliest()) {
        await fire(timer);
      }
      now = until;
    },
    async next() {
      await settle();
      const timer = earliest();
      if (timer) await fire(timer);
      return timer !== undefined;
    },
  };
}
