import type { Clock } from "../../src/clock.ts";

/** The machine's clock, running so many times as fast. */
export const createFastClock = (times: number): Clock => ({
  now: () => performance.now() * times,
  setTimer(ms, fn) {
    const timer = setTimeout(fn, Math.max(0, ms) / times);
    return () => clearTimeout(timer);
  },
});
