import type { Clock } from "../clock.ts";

/** Resolves with `done`, or after `ms`. */
export const within = (clock: Clock, ms: number, done: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.setTimer(ms, resolve);
    void done.then(() => {
      cancel();
      resolve();
    });
  });

/** Resolves after `ms`, or as soon as the signal is aborted. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(signal.aborted ? 0 : ms, end);
    signal.addEventListener("abort", end);
  });
