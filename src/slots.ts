export interface Slots {
  /**
   * Waits for a slot, in the order of the calls. Resolves to a function that releases it. `skip` aborts: the caller goes on without one, and
   * there is nothing to release.
   */
  readonly take: (skip?: AbortSignal) => Promise<() => void>;
  /** Whether `take` would wait. */
  readonly isFull: () => boolean;
}

/** A semaphore: at most `count` callers hold a slot. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();
  const give = () => {
    const [next] = waiting;
    if (next) next();
    else free++;
  };
  const queue = (skip?: AbortSignal): Promise<() => void> =>
    new Promise((resolve) => {
      const end = (release: () => void) => {
        waiting.delete(next);
        skip?.removeEventListener("abort", leave);
        resolve(release);
      };
      const next = () => end(give);
      const leave = () => end(() => {});
      waiting.add(next);
      skip?.addEventListener("abort", leave);
    });
  return {
    async take(skip) {
      if (skip?.aborted) return () => {};
      if (free === 0) return queue(skip);
      free--;
      return give;
    },
    isFull: () => free === 0,
  };
}
