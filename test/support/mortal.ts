import type { Backends } from "../../src/backends/index.ts";
import type { Platform } from "../../src/platform.ts";
import type { Database } from "../../src/store/database.ts";

/** A process that dies at one of its effects on the world: a statement, a transaction, a call of a platform or a model. */
export interface Life {
  /** Does the work, if the process still lives; what it dies of, and all that comes later, never settles. */
  effect<T>(work: () => Promise<T>): Promise<T>;
  isOver(): boolean;
  /** Resolves when it dies. */
  readonly over: Promise<void>;
}

/** It dies at its `at`th effect: `before` it happens, or `after` it, before the process hears of it. */
export function createLife(at: number, when: "before" | "after"): Life {
  const state = { effects: 0, isOver: false };
  const over = Promise.withResolvers<void>();
  const die = () => {
    state.isOver = true;
    over.resolve();
  };
  const never = () => new Promise<never>(() => {});
  return {
    async effect(work) {
      if (state.isOver) return never();
      const isLast = ++state.effects === at;
      if (isLast && when === "before") die();
      if (state.isOver) return never();
      const result = await work();
      if (isLast) die();
      return state.isOver ? never() : result;
    },
    isOver: () => state.isOver,
    over: over.promise,
  };
}

/** A transaction happens or does not, as a database has it. */
export const mortalDatabase = (db: Database, life: Life): Database => ({
  ...db,
  q: (...args) => life.effect(() => db.q(...args)),
  tx: (work) => life.effect(() => db.tx(work)),
  notify: (...args) => life.effect(() => db.notify(...args)),
  listen: (channel, hear, ...rest) =>
    db.listen(channel, (payload) => life.isOver() || hear(payload), ...rest),
});

export const mortalPlatform = (platform: Platform, life: Life): Platform => ({
  ...platform,
  history: (...args) => life.effect(() => platform.history(...args)),
  post: (...args) => life.effect(() => platform.post(...args)),
  edit: (...args) => life.effect(() => platform.edit(...args)),
  find: (...args) => life.effect(() => platform.find(...args)),
});

export const mortalBackends = (backends: Backends, life: Life): Backends => ({
  create(...args) {
    const backend = backends.create(...args);
    return {
      ...backend,
      async *ask(request) {
        yield* await life.effect(() => Array.fromAsync(backend.ask(request)));
      },
    };
  },
});
