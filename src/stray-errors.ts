import { AsyncLocalStorage } from "node:async_hooks";

/** The work that an uncaught error belongs to: a turn or an event. */
export interface StrayOwner {
  /** For the log: a conversation, a turn. */
  readonly about: object;
  /** Fails the work; no effect once it has ended. */
  readonly fail: (problem: unknown) => void;
}

const owners = new AsyncLocalStorage<StrayOwner>();

/** The owner of the current `unhandledRejection` or `uncaughtException`; undefined: it has none. */
export const ownerOfStray = (): StrayOwner | undefined => owners.getStore();

/** Runs `work` as the owner of its uncaught errors: unawaited promises and throwing timers. */
export const owningStrays = <T>(owner: StrayOwner, work: () => T): T => owners.run(owner, work);

/** Like `work`, but rejects with its first uncaught error. */
export function failingWithStrays<T>(about: object, work: () => Promise<T>): Promise<T> {
  const stray = Promise.withResolvers<never>();
  return Promise.race([owningStrays({ about, fail: stray.reject }, work), stray.promise]);
}
