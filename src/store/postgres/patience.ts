import type { Clock } from "../../clock.ts";
import { sleep } from "../../timers.ts";
import { StoreError } from "../store-error.ts";

/** How long a statement waits for a server restart, ms: about as long as another process needs to take over the turn. */
const PATIENCE_MS = 10_000;
/** Tries of a transaction that conflicts with others. */
const CONFLICTS = 20;
// serialization_failure, deadlock_detected
const CONFLICT_CODES = ["40001", "40P01"];

export interface Attempt {
  /** Set before sending a statement that cannot be undone. If the connection breaks later, the outcome is unknown. */
  mayHaveTakenEffect: boolean;
}

/** Retries `work` if it certainly had no effect: the server was away, or another transaction conflicted. Rejects with the last error. */
export async function withPatience<T>(
  clock: Clock,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const until = clock.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    const attempt: Attempt = { mayHaveTakenEffect: false };
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const isConflict = CONFLICT_CODES.includes(error.code ?? "");
      const isAway = isPassing(error) && !attempt.mayHaveTakenEffect && clock.now() < until;
      if (isConflict ? tries === CONFLICTS : !isAway) throw error;
      await sleep(clock, pauseMs(tries));
    }
  }
}

/** Waiting does not fix a wrong password or a missing database. */
const isPassing = ({ kind, code }: StoreError): boolean =>
  kind === "unreachable" && !/^(28|3D)/.test(code ?? "");

const pauseMs = (tries: number): number => Math.min(500, 10 * 2 ** tries);
