import type { Clock } from "../../../src/clock.ts";
import { KEEP_TITLE, RESTORE_TITLE, RING, titleSequence } from "../screen/terminal-signals.ts";

export interface AttentionSettings {
  /** Whether the window is named after the thread. */
  readonly title: boolean;
  /** Whether a bell rings when an answer is there. */
  readonly bell: boolean;
}

/** Tells a person who looks elsewhere how far the turn is: by the window's title and the bell. */
export interface Attention {
  begin(): void;
  show(thread: string, isRunning: boolean): void;
  /** A turn of this terminal is over. */
  answered(): void;
  /** Restores the title. Idempotent. */
  end(): void;
}

/** Whoever waited for less still looks at the screen. */
const LONG_MS = 10_000;

export function createAttention(
  { title, bell }: AttentionSettings,
  clock: Clock,
  tell: (sequence: string) => void,
): Attention {
  let shown = "";
  let isOpen = false;
  let runsSince: number | undefined;
  return {
    begin() {
      isOpen = true;
      if (title) tell(KEEP_TITLE);
    },
    show(thread, isRunning) {
      runsSince = isRunning ? (runsSince ?? clock.now()) : runsSince;
      const next = `${isRunning ? "… " : ""}Parley · ${thread}`;
      if (!title || !isOpen || next === shown) return;
      shown = next;
      tell(titleSequence(next));
    },
    answered() {
      const isLong = runsSince !== undefined && clock.now() - runsSince >= LONG_MS;
      if (bell && isLong) tell(RING);
      runsSince = undefined;
    },
    end() {
      if (isOpen && title) tell(RESTORE_TITLE);
      isOpen = false;
    },
  };
}
