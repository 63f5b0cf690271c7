import type { Clock } from "../../clock.ts";
import { linkSignal } from "../../timers.ts";
import { BackendError, type BackendEvent } from "../backend.ts";

export interface Watch {
  readonly clock: Clock;
  /** The backend's name, for the error. */
  readonly name: string;
  /** Milliseconds to the first event. */
  readonly firstSignMs: number;
  /** Milliseconds between two events. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** Called with each event, before the reader gets it. */
  readonly note: (event: BackendEvent) => void;
}

/** A stream under watch. */
export interface WatchedStream extends AsyncIterable<BackendEvent> {
  /** Call once the reader is done, however that came about: aborts the signal that the source was given, unless it has said `done`. */
  end(): void;
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

const silent = (name: string, ms: number) =>
  new BackendError("timeout", `${name} gave no sign of life for ${seconds(ms)}.`);
const early = (name: string) =>
  new BackendError("incomplete", `The stream of ${name} ended early.`);
const stalled = (name: string, ms: number) =>
  new BackendError("timeout", `The stream of ${name} stalled for ${seconds(ms)}.`);

type Next = IteratorResult<BackendEvent>;

/**
 * Passes the events of a source through up to `done`. `open` starts it with a signal of its own. Throws a `timeout` if the source is silent for too
 * long, `incomplete` if it ends without `done`, and the signal's reason on abort, even if the source ignores it. Time that the reader spends between
 * events does not count.
 */
export function watchStream(
  open: (signal: AbortSignal) => AsyncIterable<BackendEvent>,
  { clock, name, firstSignMs, idleMs, signal, note }: Watch,
): WatchedStream {
  const own = linkSignal(signal);
  const events = open(own.signal)[Symbol.asyncIterator]();
  let waiting: PromiseWithResolvers<Next> | null = null;
  let hasBegun = false;
  let isOver = false;
  const abort = (): void => waiting?.reject(signal.reason);
  const watchdog = createWatchdog(clock, () =>
    waiting?.reject(hasBegun ? stalled(name, idleMs) : silent(name, firstSignMs)),
  );
  signal.addEventListener("abort", abort, { once: true });

  function take(event: BackendEvent): void {
    watchdog.stop();
    hasBegun = true;
    isOver = event.type === "done";
    note(event);
  }

  function next(): Promise<Next> {
    if (isOver) return Promise.resolve({ done: true, value: undefined });
    const { promise, resolve, reject } = (waiting = Promise.withResolvers<Next>());
    if (signal.aborted) abort();
    watchdog.start(hasBegun ? idleMs : firstSignMs);
    events.next().then((result) => {
      if (result.done) return reject(early(name));
      take(result.value);
      resolve(result);
    }, reject);
    return promise;
  }

  return {
    [Symbol.asyncIterator]: () => ({ next }),
    end() {
      signal.removeEventListener("abort", abort);
      watchdog.end();
      // Not awaited, because a hanging source would block the reader.
      events.return?.().catch(() => undefined);
      if (isOver) own.unlink();
      else own.end();
    },
  };
}

/** Calls `onLate` when a wait takes longer than its limit. Most waits are short, so one timer serves many of them. */
function createWatchdog(clock: Clock, onLate: () => void) {
  /** When the current wait is late; null: nobody waits. */
  let deadline: number | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let cancel = (): void => {};
  const look = (): void => {
    timerAt = Number.POSITIVE_INFINITY;
    if (deadline === null) return;
    if (clock.now() < deadline) setTimer(deadline);
    else onLate();
  };
  const setTimer = (at: number): void => {
    cancel();
    timerAt = at;
    cancel = clock.setTimer(at - clock.now(), look);
  };
  return {
    start(limitMs: number): void {
      deadline = clock.now() + limitMs;
      if (deadline < timerAt) setTimer(deadline);
    },
    stop: (): void => void (deadline = null),
    end: (): void => cancel(),
  };
}
