/** Items on their way from callbacks to one reader. */
export interface Feed<T> {
  push(...items: readonly T[]): void;
  /** No more items come. Only the first end counts. */
  end(): void;
  fail(error: unknown): void;
  /** All items since the last call, once there are some; null after the last. Rejects with the failure after the items before it. */
  next(): Promise<readonly T[] | null>;
}

export function createFeed<T>(): Feed<T> {
  let items: T[] = [];
  let over: { readonly error?: unknown } | null = null;
  let wake = Promise.withResolvers<void>();
  const finish = (how: { readonly error?: unknown }): void => {
    over ??= how;
    wake.resolve();
  };
  return {
    push(...more) {
      if (over) return;
      items.push(...more);
      wake.resolve();
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    async next() {
      if (items.length === 0 && !over) await wake.promise;
      wake = Promise.withResolvers();
      const taken = items;
      items = [];
      if (taken.length > 0) return taken;
      if (over && "error" in over) throw over.error;
      return null;
    },
  };
}
