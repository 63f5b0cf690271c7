import type { Clock } from "../../../src/clock.ts";

/** What Ctrl-C does next. */
export interface Interrupt {
  press(): void;
  /** In `stopping` and `leaving`, another Ctrl-C quits. */
  state(): "idle" | "stopping" | "leaving";
  /** The turn has ended. */
  relax(): void;
}

export interface InterruptOptions {
  readonly clock: Clock;
  isRunning(): boolean;
  stopTurn(): void;
  quit(): void;
  onChange(): void;
}

// Long enough to read the hint, short enough that a stray Ctrl-C is forgotten.
const ARMED_MS = 3000;

/** The first Ctrl-C stops the turn, or says that another one quits; the second quits. */
export function createInterrupt(options: InterruptOptions): Interrupt {
  let state: "idle" | "stopping" | "leaving" = "idle";
  let cancel: (() => void) | undefined;
  const become = (next: typeof state) => {
    cancel?.();
    cancel = next === "idle" ? undefined : options.clock.setTimer(ARMED_MS, () => become("idle"));
    state = next;
    options.onChange();
  };
  return {
    press() {
      if (state !== "idle") {
        cancel?.();
        options.quit();
      } else if (options.isRunning()) {
        become("stopping");
        options.stopTurn();
      } else become("leaving");
    },
    state: () => state,
    relax() {
      if (state === "stopping") become("idle");
    },
  };
}
