import { createPause } from "../slices.ts";
import { type BackendEvent, BackendError } from "./backend.ts";
import { createEventFilter, type ThoughtHabit } from "./reply-text/filter-events.ts";

/**
 * Enforces the port's contract for any SDK: throws the signal's reason on abort (SDKs throw their own errors, or end silently) and a `BackendError`
 * on every other failure, and closes the connection when the reader stops early. Separates thoughts, calls and markup from the text.
 * A burst of events leaves the event loop free.
 */
export async function* guardedCall(
  signal: AbortSignal,
  call: (signal: AbortSignal) => AsyncIterable<BackendEvent>,
  classify: (error: unknown) => BackendError,
  habit: ThoughtHabit,
): AsyncGenerator<BackendEvent> {
  signal.throwIfAborted();
  // SDKs leave listeners on their signal, so give each call its own.
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const filter = createEventFilter(habit);
  const pause = createPause();
  try {
    for await (const event of call(own.signal)) {
      if (pause.isDue()) await pause.take();
      signal.throwIfAborted();
      for (const one of filter.take(event)) yield one;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof BackendError ? error : classify(error);
  } finally {
    signal.removeEventListener("abort", abort);
    own.abort();
  }
}
