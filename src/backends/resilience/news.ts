/** The latest news for one reader, who waits for it or comes for it later. */
export interface News<T> {
  readonly tell: (news: T) => void;
  readonly fail: (reason: unknown) => void;
  /** Resolves at once to news that nobody has read. */
  readonly next: () => Promise<T>;
}

export function createNews<T>(): News<T> {
  let unread: (() => Promise<T>) | null = null;
  let reader: PromiseWithResolvers<T> | null = null;
  const deliver = (settle: (to: PromiseWithResolvers<T>) => void) => {
    const to = reader ?? Promise.withResolvers<T>();
    settle(to);
    // Unread failures are no unhandled rejections.
    if (!reader) to.promise.catch(() => undefined);
    unread = reader ? null : () => to.promise;
    reader = null;
  };
  return {
    tell: (news) => deliver((to) => to.resolve(news)),
    fail: (reason) => deliver((to) => to.reject(reason)),
    next() {
      const read = unread;
      unread = null;
      if (read) return read();
      reader = Promise.withResolvers<T>();
      return reader.promise;
    },
  };
}
