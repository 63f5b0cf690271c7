import { type BackendEvent, BackendError } from "./backend.ts";

/**
 * Runs one call so that it keeps the port's promises whatever an SDK does: an abort surfaces as the signal's reason (SDKs throw their own
 * errors, or end silently), every other failure as a `BackendError`, and the connection is closed when the reader leaves early.
 */
export async function* guardedCall(
  signal: AbortSignal,
  call: (signal: AbortSignal) => AsyncIterable<BackendEvent>,
  classify: (error: unknown) => BackendError,
): AsyncGenerator<BackendEvent> {
  signal.throwIfAborted();
  // SDKs leave listeners on the signal they get: theirs must not outlive the call.
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    for await (const event of call(own.signal)) {
      signal.throwIfAborted();
      yield event;
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
