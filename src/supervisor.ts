import { StoreInvariantError } from "./store/store-error.ts";
import { ownerOfStray } from "./stray-errors.ts";

export interface SupervisorOptions {
  /** The process, as far as its errors go. */
  readonly process: Pick<NodeJS.EventEmitter, "on" | "off">;
  /** Told every stray error, with what it belongs to. Must not throw. */
  readonly onStray: (problem: unknown, about: object) => void;
  /** The store can no longer be trusted: the process has to end. */
  readonly onBrokenStore: (problem: StoreInvariantError) => void;
}

export interface Supervisor {
  /** Errors that went astray since the start. */
  strays(): number;
  /** The next stray error ends the process, as Node has it. */
  end(): void;
}

const EVENTS = ["unhandledRejection", "uncaughtException"] as const;

/**
 * Keeps the process alive when an error goes astray: it is reported and counted, the turn or event it belongs to fails, everything else
 * goes on. A broken invariant of the store alone ends the process.
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
