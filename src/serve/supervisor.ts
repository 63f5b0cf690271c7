import { StoreInvariantError } from "../store/store-error.ts";
import { ownerOfStray } from "../stray-errors.ts";

export interface SupervisorOptions {
  /** Emits the process's error events. */
  readonly process: Pick<NodeJS.EventEmitter, "on" | "off">;
  /** Called with every uncaught error and its owner. Must not throw. */
  readonly onStray: (problem: unknown, about: object) => void;
  /** The store is broken: the process must exit. */
  readonly onBrokenStore: (problem: StoreInvariantError) => void;
}

export interface Supervisor {
  /** Uncaught errors since the start. */
  strays(): number;
  /** Restores Node's default: the next uncaught error ends the process. */
  end(): void;
}

const EVENTS = ["unhandledRejection", "uncaughtException"] as const;

/**
 * Keeps the process alive after an uncaught error: reports and counts it and fails the turn or event it belongs to. Only a broken
 * invariant of the store ends the process.
 */
export function supervise({ process, onStray, onBrokenStore }: SupervisorOptions): Supervisor {
  let strays = 0;
  const take = (problem: unknown): void => {
    strays += 1;
    const owner = ownerOfStray();
    onStray(problem, owner?.about ?? {});
    if (problem instanceof StoreInvariantError) return onBrokenStore(problem);
    owner?.fail(problem);
  };
  for (const event of EVENTS) process.on(event, take);
  return {
    strays: () => strays,
    end() {
      for (const event of EVENTS) process.off(event, take);
    },
  };
}
