import type { Clock } from "../../../src/clock.ts";

/** What Ctrl-C and Esc do next. */
export interface Interrupt {
  /** Ctrl-C on an empty line. */
  readonly press: () => void;
  /** Esc. */
  readonly escape: () => void;
  /** In `stopping` and `leaving`, another Ctrl-C quits. */
  readonly state: () => "idle" | "stopping" | "leaving";
  /** Another key was pressed: the next Ctrl-C starts over. */
  readonly relax: () => void;
}

export interface InterruptOptions {
  readonly clock: Clock;
  readonly isRunning: () => boolean;
  readonly stopTurn: () => void;
  readonly quit: () => void;
  readonly onChange: () => void;
}

// Long enough to read the hint, short enough that a stray Ctrl-C is forgotten.
const ARMED_MS = 3000;

/** The first Ctrl-C stops the turn, or says that another one quits; the second quits, also when the turn has stopped meanwhile. */
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
    escape() {
      if (options.isRunning()) options.stopTurn();
    },
    state: () => state,
    relax() {
      if (state !== "idle") become("idle");
    },
  };
}
