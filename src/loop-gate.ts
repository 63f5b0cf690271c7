/** Others come first after so long in one iteration of the event loop, ms. */
const SLICE_MS = 8;

/** An iteration of the event loop, from the moment that somebody asked for it. */
export interface LoopIteration {
  /** Whether a slice of it is used up. */
  isSpent(): boolean;
  /** Resolves in the next iteration. */
  readonly over: Promise<void>;
}

/** Returns the current iteration: one object for each. `now`: ms. */
export function createLoop(now: () => number = () => performance.now()): () => LoopIteration {
  let current: LoopIteration | undefined;
  const begin = (): LoopIteration => {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    setImmediate(() => {
      current = undefined;
      resolve();
    });
    const end = now() + SLICE_MS;
    return { over, isSpent: () => now() >= end };
  };
  return () => (current ??= begin());
}

/** Resolves when the caller may do a piece of work: at once, or in a later iteration of the event loop. Callers go in order. */
export type LoopGate = () => Promise<void>;

/** Pieces of work that await the gate take a slice of each iteration together, and the last of them what it takes. `now`: ms. */
export function createLoopGate(now?: () => number): LoopGate {
  const iteration = createLoop(now);
  const waiting: (() => void)[] = [];
  let isAdmitting = false;
  const admit = async (): Promise<void> => {
    isAdmitting = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      while (iteration().isSpent()) await iteration().over;
      next();
      // The caller works before the next one is let in.
      await Promise.resolve();
    }
    isAdmitting = false;
  };
  return () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (!isAdmitting) void admit();
    return promise;
  };
}
