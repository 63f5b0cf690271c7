import type { Clock } from "../../clock.ts";
import { untilAborted, withTimeout } from "../../timers.ts";
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
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

const silent = (name: string, ms: number) =>
  new BackendError("timeout", `${name} gave no sign of life for ${seconds(ms)}.`);
const stalled = (name: string, ms: number) =>
  new BackendError("timeout", `The stream of ${name} stalled for ${seconds(ms)}.`);

/**
 * Passes the source's events through. Throws a `timeout` if the source is silent for too long, and the signal's reason on abort, even if the source
 * ignores both. Time that the reader spends between events does not count.
 */
export async function* watchStream(
  source: AsyncIterable<BackendEvent>,
  watch: Watch,
): AsyncGenerator<BackendEvent> {
  const events = source[Symbol.asyncIterator]();
  try {
    let limit = watch.firstSignMs;
    let onLate = () => silent(watch.name, watch.firstSignMs);
    for (;;) {
      const event = untilAborted(events.next(), watch.signal);
      const next = await withTimeout(watch.clock, limit, event, () => {
        throw onLate();
      });
      if (next.done) return;
      limit = watch.idleMs;
      onLate = () => stalled(watch.name, watch.idleMs);
      yield next.value;
    }
  } finally {
    // Not awaited, because a hanging source would block the reader.
    events.return?.().catch(() => undefined);
  }
}
