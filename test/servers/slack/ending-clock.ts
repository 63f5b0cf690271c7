import type { Clock } from "../../../src/clock.ts";

/** A clock whose timers can all be called off at the end: retries of events wait for minutes. */
export function createEndingClock(clock: Clock): Clock & { end(): void } {
  const cancels = new Set<() => void>();
  const state = { isOver: false };
  return {
    now: () => clock.now(),
    setTimer(ms, fn) {
      if (state.isOver) return () => {};
      const cancelTimer = clock.setTimer(ms, () => {
        cancels.delete(cancel);
        fn();
      });
      const cancel = () => {
        cancels.delete(cancel);
        cancelTimer();
      };
      cancels.add(cancel);
      return cancel;
    },
    end() {
      state.isOver = true;
      for (const cancel of Array.from(cancels)) cancel();
    },
  };
}
