import type { Clock } from "../../../src/clock.ts";
import type { TurnId } from "../../../src/ids.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";

/** The running turns by thread; ticks while there are any. */
export interface Boards {
  /** Takes a newer view. Returns the last view once, when the turn has ended. */
  show(thread: string, view: StatusView): StatusView | undefined;
  /** The turn's final answer was posted. Returns its last view, unless `show` has. */
  settle(thread: string, turn: TurnId): StatusView | undefined;
  /** The turn has ended. */
  drop(thread: string): void;
  live(thread: string): LiveBoard | undefined;
  /** Number of turns in other threads. */
  elsewhere(thread: string): number;
  stop(): void;
}

export interface LiveBoard {
  readonly view: StatusView;
  readonly sinceMs: number;
  readonly frame: number;
}

interface Shown {
  readonly view: StatusView;
  readonly at: number;
}

const FRAME_MS = 120;

export function createBoards(clock: Clock, onTick: () => void): Boards {
  const shown = new Map<string, Shown>();
  const recorded = new Map<string, TurnId>();
  const ticker = createTicker(clock, () => shown.size > 0, onTick);
  const record = (thread: string, view: StatusView) => {
    shown.delete(thread);
    if (recorded.get(thread) === view.turn) return undefined;
    recorded.set(thread, view.turn);
    return view;
  };
  return {
    show(thread, view) {
      if (hasEnded(view)) return record(thread, view);
      if (recorded.get(thread) === view.turn) return undefined;
      shown.set(thread, { view, at: clock.now() });
      ticker.wake();
      return undefined;
    },
    settle(thread, turn) {
      const board = shown.get(thread);
      if (board?.view.turn !== turn) return undefined;
      return record(thread, { ...board.view, phase: "answered" });
    },
    drop: (thread) => void shown.delete(thread),
    live(thread) {
      const board = shown.get(thread);
      return board && { view: board.view, sinceMs: clock.now() - board.at, frame: ticker.frame() };
    },
    elsewhere: (thread) => shown.size - (shown.has(thread) ? 1 : 0),
    stop: () => ticker.stop(),
  };
}

function createTicker(clock: Clock, isNeeded: () => boolean, onTick: () => void) {
  let frame = 0;
  let cancel: (() => void) | undefined;
  const wake = () => {
    cancel ??= clock.setTimer(FRAME_MS, () => {
      cancel = undefined;
      frame++;
      if (isNeeded()) wake();
      onTick();
    });
  };
  return {
    wake,
    frame: () => frame,
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
