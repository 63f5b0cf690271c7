/** Runs tasks of one key one after the other, in the order they were added. Tasks of different keys run side by side. */
export interface KeyedQueue {
  /** Settles as the task does. A task that fails does not stop the tasks behind it. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when every task has settled. */
  idle(): Promise<void>;
}

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, task) {
      const before = tails.get(key) ?? Promise.resolve();
      const result = before.then(task);
      const settled = result
        .catch(() => undefined)
        .finally(() => {
          if (tails.get(key) === settled) tails.delete(key);
        });
      tails.set(key, settled);
      return result;
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
