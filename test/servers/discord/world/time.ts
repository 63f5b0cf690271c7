import { type Clock, systemClock } from "../../../../src/clock.ts";

/** The server's own time: it may run faster than its clock, and can be moved ahead. */
export interface Time {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimer(ms: number, fn: () => void): () => void;
  /** A timer on the machine's clock, which alone the client's own timers go by; jumps leave it alone. */
  setSteadyTimer(ms: number, fn: () => void): () => void;
  /** How long `ms` of the server's time take on the client's clock. */
  forClient(ms: number): number;
  /** Jumps ahead; what falls due in between happens at once, in order. */
  pass(ms: number): void;
  /** Forgets all timers. */
  stop(): void;
}

export interface TimeOptions {
  readonly clock?: Clock;
  /** Seconds of the server per second of its clock: 10 turns 3 s into 0.3 s, in headers too. */
  readonly scale?: number;
}

interface Timer {
  readonly due: number;
  readonly fn: () => void;
  cancel: () => void;
}

const ISO = (ms: number) => new Date(ms).toISOString();

/** As Discord writes times: microseconds and an offset. */
export const timestamp = (ms: number): string => ISO(ms).replace("Z", "000+00:00");

export function createTime({ clock = systemClock, scale = 1 }: TimeOptions): Time {
  const startedAt = Date.now();
  const clockStart = clock.now();
  const timers = new Set<Timer>();
  const steady = new Set<() => void>();
  let jumped = 0;
  const now = () => Math.floor(startedAt + jumped + (clock.now() - clockStart) * scale);
  const fire = (timer: Timer) => {
    timers.delete(timer);
    timer.cancel();
    timer.fn();
  };
  const arm = (timer: Timer) => {
    timer.cancel();
    timer.cancel = clock.setTimer(Math.max(0, timer.due - now()) / scale, () => fire(timer));
  };
  return {
    now,
    setTimer(ms, fn) {
      const timer: Timer = { due: now() + ms, fn, cancel: () => {} };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    setSteadyTimer(ms, fn) {
      const cancel = systemClock.setTimer(ms / scale, () => {
        steady.delete(cancel);
        fn();
      });
      steady.add(cancel);
      return () => {
        steady.delete(cancel);
        cancel();
      };
    },
    forClient: (ms) => ms / scale,
    pass(ms) {
      jumped += ms;
      const due = [...timers].filter((timer) => timer.due <= now());
      for (const timer of due.toSorted((a, b) => a.due - b.due)) {
        if (timers.has(timer)) fire(timer);
      }
      for (const timer of timers) arm(timer);
    },
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
      for (const cancel of steady) cancel();
      steady.clear();
    },
  };
}
