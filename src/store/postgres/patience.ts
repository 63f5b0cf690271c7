import type { Clock } from "../../clock.ts";
import { sleep } from "../../timers.ts";
import { StoreError } from "../store-error.ts";

/** How long a statement waits for a server that is being restarted, ms: about as long as it takes until another process has the turn. */
const PATIENCE_MS = 10_000;
/** Tries of a transaction that others got in the way of. */
const CONFLICTS = 20;
// serialization_failure, deadlock_detected
const CONFLICT_CODES = ["40001", "40P01"];

export interface Attempt {
  /** Set before a statement that cannot be taken back is sent: a connection lost from then on leaves its outcome unknown. */
  mayHaveTakenEffect: boolean;
}

/** Does `work` again when it surely did nothing: the server was away, or another transaction got in the way. Rejects with the last error. */
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

/** A wrong password or a missing database does not pass by waiting. */
const isPassing = ({ kind, code }: StoreError): boolean =>
  kind === "unreachable" && !/^(28|3D)/.test(code ?? "");

const pauseMs = (tries: number): number => Math.min(500, 10 * 2 ** tries);
