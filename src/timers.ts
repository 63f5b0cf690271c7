import type { Clock } from "./clock.ts";

/**
 * Settles as the promise does, whether or not the promise listens to the signal. As soon as the signal aborts, it resolves to what `onAbort`
 * returns (default: it rejects with the signal's reason).
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  onAbort?: () => T,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => (onAbort ? resolve(onAbort()) : reject(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A signal that another one aborts. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Aborts it, and forgets the other one. */
  end(): void;
  /** Forgets the other one: the work is done, and what is left of it may end by itself. */
  unlink(): void;
}

/**
 * Work of its own gets a signal of its own: what listens to it, such as an SDK, leaves no listeners on `signal`, which lives longer. `AbortSignal.any`
 * would leave some.
 */
export function linkSignal(signal: AbortSignal): LinkedSignal {
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  const unlink = (): void => signal.removeEventListener("abort", abort);
  return {
    signal: own.signal,
    end() {
      unlink();
      own.abort();
    },
    unlink,
  };
}

/** Resolves after `ms`; rejects with the signal's reason when it aborts. */
export async function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.setTimer(ms, resolve);
  try {
    await (signal ? untilAborted(promise, signal) : promise);
  } finally {
    cancel();
  }
}

/** Settles like the promise; after `ms` it resolves to what `onTimeout` returns (default: undefined), or rejects with what it throws. */
export function withTimeout<T>(
  clock: Clock,
  ms: number,
  promise: Promise<T>,
): Promise<T | undefined>;
export function withTimeout<T, F>(
  clock: Clock,
  ms: number,
  promise: Promise<T>,
  onTimeout: () => F,
): Promise<T | F>;
export async function withTimeout(
  clock: Clock,
  ms: number,
  promise: Promise<unknown>,
  onTimeout: () => unknown = () => undefined,
): Promise<unknown> {
  const timeout = Promise.withResolvers<void>();
  const cancel = clock.setTimer(ms, timeout.resolve);
  try {
    return await Promise.race([promise, timeout.promise.then(onTimeout)]);
  } finally {
    cancel();
  }
}
