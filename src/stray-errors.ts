import { AsyncLocalStorage } from "node:async_hooks";

/** The work that a stray error belongs to: a turn, an event. */
export interface StrayOwner {
  /** For the log: a conversation, a turn. */
  readonly about: object;
  /** Makes the work fail; without effect once it has ended. */
  readonly fail: (problem: unknown) => void;
}

const owners = new AsyncLocalStorage<StrayOwner>();

/** Whose code an `unhandledRejection` or `uncaughtException` came from, asked while it is being handled; undefined: nobody's. */
export const ownerOfStray = (): StrayOwner | undefined => owners.getStore();

/** Runs `work` as the owner of the errors that go astray in it: a promise that nobody awaits, a timer that throws. */
export const owningStrays = <T>(owner: StrayOwner, work: () => T): T => owners.run(owner, work);

/** As `work`, but rejects with the first error that goes astray in it meanwhile. */
export function failingWithStrays<T>(about: object, work: () => Promise<T>): Promise<T> {
  const stray = Promise.withResolvers<never>();
  return Promise.race([owningStrays({ about, fail: stray.reject }, work), stray.promise]);
}
