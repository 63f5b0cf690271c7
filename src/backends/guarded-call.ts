import { createPause } from "../slices.ts";
import { linkSignal } from "../timers.ts";
import { type BackendEvent, BackendError } from "./backend.ts";
import {
  createEventFilter,
  type EventFilter,
  type ThoughtHabit,
} from "./reply-text/filter-events.ts";

/** Batches. Fewer do not block the event loop. */
const LEAST_BURST = 16;

/**
 * Enforces the port's contract for any SDK: throws the signal's reason on abort (SDKs throw their own errors, or end silently) and a `BackendError`
 * on every other failure, and closes the connection when the reader stops early. Separates thoughts, calls and markup from the text.
 * A burst of events leaves the event loop free.
 * `call` yields events in the batches in which they came.
 */
export async function* guardedCall(
  signal: AbortSignal,
  call: (signal: AbortSignal) => AsyncIterable<readonly BackendEvent[]>,
  classify: (error: unknown) => BackendError,
  habit: ThoughtHabit,
): AsyncGenerator<BackendEvent> {
  signal.throwIfAborted();
  const own = linkSignal(signal);
  const filter = createEventFilter(habit);
  const pause = createPause(LEAST_BURST);
  let isDone = false;
  try {
    for await (const batch of call(own.signal)) {
      if (pause.isDue()) await pause.take();
      for (const event of filtered(batch, filter, signal)) {
        isDone ||= event.type === "done";
        yield event;
      }
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof BackendError ? error : classify(error);
  } finally {
    // After a whole reply, the connection is left open for the next call.
    if (isDone) own.unlink();
    else own.end();
  }
}

function* filtered(
  batch: readonly BackendEvent[],
  filter: EventFilter,
  signal: AbortSignal,
): Iterable<BackendEvent> {
  for (const event of batch) {
    signal.throwIfAborted();
    yield* filter.take(event);
  }
}
