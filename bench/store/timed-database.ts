import type { Database } from "../../src/store/database.ts";

/** How long at least one statement or transaction was under way, ms, since the last `reset`. */
export interface Waits {
  readonly total: () => number;
  reset(): void;
}

/** A database that says how long it is waited for: overlapping waits count once. */
export function timeDatabase(db: Database): { readonly db: Database; readonly waits: Waits } {
  const state = { total: 0, open: 0, since: 0 };
  const timed =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (state.open++ === 0) state.since = performance.now();
      try {
        return await call(...args);
      } finally {
        if (--state.open === 0) state.total += performance.now() - state.since;
      }
    };
  const waits = {
    total: () => state.total + (state.open > 0 ? performance.now() - state.since : 0),
    reset() {
      state.total = 0;
      state.since = performance.now();
    },
  };
  const timedDb: Database = {
    ...db,
    q: timed((...args: Parameters<Database["q"]>) => db.q(...args)),
    tx: (work) => timed(() => db.tx(work))(),
    notify: timed((...args: Parameters<Database["notify"]>) => db.notify(...args)),
  };
  return { db: timedDb, waits };
}
