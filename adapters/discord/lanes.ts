/** Work that is done in order within a lane, and side by side across lanes. */
export interface Lanes {
  /** Resolves, or rejects, as the work does. */
  run<T>(lane: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when all that was begun has ended. */
  idle(): Promise<void>;
}

export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(lane, work) {
      const before = last.get(lane) ?? Promise.resolve();
      const result = before.then(work);
      const settled = result
        .catch(() => undefined)
        .finally(() => {
          if (last.get(lane) === settled) last.delete(lane);
        });
      last.set(lane, settled);
      return result;
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
