import type { Backends } from "../../src/backends/index.ts";
import type { Platform } from "../../src/platform.ts";
import type { Database } from "../../src/store/database.ts";

/** A statement or a transaction; a call of a platform or a model, or an event that has been journaled. */
export type EffectKind = "store" | "step";

/** A process that dies at one of its effects on the world. */
export interface Life {
  /** Does the work, if the process still lives; what it dies of, and all that comes later, never settles. */
  effect<T>(kind: EffectKind, work: () => Promise<T>): Promise<T>;
  isOver(): boolean;
  /** Resolves when it dies. */
  readonly over: Promise<void>;
}

/** It dies at its `at`th effect of these kinds: `before` it happens, or `after` it, before the process hears of it. */
export function createLife(
  at: number,
  when: "before" | "after",
  kinds: readonly EffectKind[],
): Life {
  const state = { effects: 0, isOver: false };
  const over = Promise.withResolvers<void>();
  const die = () => {
    state.isOver = true;
    over.resolve();
  };
  const never = () => new Promise<never>(() => {});
  return {
    async effect(kind, work) {
      if (state.isOver) return never();
      const isLast = kinds.includes(kind) && ++state.effects === at;
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
  q: (...args) => life.effect("store", () => db.q(...args)),
  tx: (work) => life.effect("store", () => db.tx(work)),
  // The server frees what the dead one held.
  lock: (name) =>
    life.effect("store", async () => {
      const lock = await db.lock(name);
      if (lock) void life.over.then(() => lock.release());
      return lock;
    }),
  notify: (...args) => life.effect("store", () => db.notify(...args)),
  listen: (channel, hear, ...rest) =>
    db.listen(channel, (payload) => life.isOver() || hear(payload), ...rest),
});

export const mortalPlatform = (platform: Platform, life: Life): Platform => ({
  ...platform,
  history: (...args) => life.effect("step", () => platform.history(...args)),
  post: (...args) => life.effect("step", () => platform.post(...args)),
  edit: (...args) => life.effect("step", () => platform.edit(...args)),
  find: (...args) => life.effect("step", () => platform.find(...args)),
});

export const mortalBackends = (backends: Backends, life: Life): Backends => ({
  create(...args) {
    const backend = backends.create(...args);
    return {
      ...backend,
      async *ask(request) {
        yield* await life.effect("step", () => Array.fromAsync(backend.ask(request)));
      },
    };
  },
});
