import type { Clock } from "../../clock.ts";
import { untilAborted, withTimeout } from "../../timers.ts";
import { BackendError, type BackendEvent } from "../backend.ts";

export interface Watch {
  readonly clock: Clock;
  /** Names the backend in the error. */
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
 * The source's events, as long as they keep coming. Only the time spent waiting for the source counts, not what the reader does
 * between two events. Throws a `timeout` when it falls silent, and the signal's reason on abort, even if the source ignores both.
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
    // Not awaited: a source that hangs would hang its reader here.
    events.return?.().catch(() => undefined);
  }
}
