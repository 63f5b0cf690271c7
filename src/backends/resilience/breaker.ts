import {
  ConsecutiveBreaker,
  ExponentialBackoff,
  noJitterGenerator,
  type IBackoff,
} from "cockatiel";
import type { Clock } from "../../clock.ts";
import { untilAborted } from "../../timers.ts";
import { BackendError } from "../backend.ts";
import { isPassing } from "./failure.ts";

const FAILURES_TO_OPEN = 5;
const FIRST_OPEN_MS = 10_000;
const LONGEST_OPEN_MS = 120_000;
/** An overloaded provider that asks for at least this is down. Rate limits are no outage: the gate keeps to them. */
const LONG_RETRY_AFTER_MS = 30_000;
// Providers are probed again after this time, even if they ask for more.
const LONGEST_RETRY_AFTER_MS = 600_000;

/** `dropped`: the call ended for reasons unrelated to the account. */
export type Outcome = "succeeded" | "dropped" | BackendError;

/** Permission for one call. Call `end` exactly once, whatever the outcome. */
export interface Permit {
  end(outcome: Outcome): void;
}

/** Circuit breaker: stops the agents of an account from hammering a provider that is down. */
export interface Breaker {
  /**
   * Throws an `OpenAccountError` with the remaining time while the breaker is open. During a probe, waits for its result, or throws if `wait` is
   * false.
   */
  enter(options: { signal: AbortSignal; wait: boolean }): Promise<Permit>;
}

interface Closed {
  readonly kind: "closed";
  readonly trip: ConsecutiveBreaker;
}
interface Open {
  readonly kind: "open";
  readonly until: number;
  readonly backoff: IBackoff<unknown>;
}
interface Probing {
  readonly kind: "probing";
  readonly backoff: IBackoff<unknown>;
  readonly decided: PromiseWithResolvers<void>;
}
type State = Closed | Open | Probing;

const closed = (): Closed => ({ kind: "closed", trip: new ConsecutiveBreaker(FAILURES_TO_OPEN) });

const firstBackoff = () =>
  new ExponentialBackoff({
    generator: noJitterGenerator,
    initialDelay: FIRST_OPEN_MS,
    maxDelay: LONGEST_OPEN_MS,
  }).next();

/** The call was not made: the account has failed too often recently, or the provider is overloaded and asked for a long pause. */
export class OpenAccountError extends BackendError {
  constructor(name: string, waitMs: number) {
    const next = waitMs > 0 ? `in ${Math.ceil(waitMs / 1000)} s` : "now, with another call";
    super("overloaded", `${name} is not available. Parley tries it again ${next}.`, {
      retryAfterMs: waitMs,
    });
  }
}

/** The next state after a call that ran in state `from`. A permanent error or a rate limit shows that the provider is up. */
function after(from: Closed | Probing, outcome: Exclude<Outcome, "dropped">, now: number): State {
  const failure = outcome !== "succeeded" && isOutage(outcome) ? outcome : null;
  const backoff = from.kind === "probing" ? from.backoff : firstBackoff();
  const open = (ms: number): Open => ({
    kind: "open",
    until: now + ms,
    backoff: backoff.next(null),
  });
  if (!failure) return recovered(from);
  const asked = failure.retryAfterMs ?? 0;
  if (asked >= LONG_RETRY_AFTER_MS) return open(Math.min(asked, LONGEST_RETRY_AFTER_MS));
  return from.kind === "probing" || from.trip.failure() ? open(backoff.duration) : from;
}

const isOutage = (error: BackendError): boolean =>
  isPassing(error) && error.failure !== "rate_limit";

function recovered(from: Closed | Probing): Closed {
  if (from.kind === "probing") return closed();
  from.trip.success();
  return from;
}

// cockatiel supplies the rule that trips and the growing pauses. Its breaker itself does not fit: it reads Date.now, cannot be opened for the time that a
// Retry-After names, and a call that waits for the probe is deaf to its signal.
export function createBreaker({ name, clock }: { name: string; clock: Clock }): Breaker {
  let state: State = closed();

  const move = (from: State, next: State) => {
    if (state !== from) return;
    state = next;
    if (from.kind === "probing") from.decided.resolve();
  };
  const permitOf = (from: Closed | Probing): Permit => ({
    end(outcome) {
      if (outcome !== "dropped") move(from, after(from, outcome, clock.now()));
      else if (from.kind === "probing") {
        move(from, { kind: "open", until: clock.now(), backoff: from.backoff });
      }
    },
  });
  const probe = ({ backoff }: Open): Permit => {
    const probing: Probing = { kind: "probing", backoff, decided: Promise.withResolvers() };
    state = probing;
    return permitOf(probing);
  };

  return {
    async enter({ signal, wait }) {
      for (;;) {
        const current = state;
        if (current.kind === "closed") return permitOf(current);
        if (current.kind === "probing") {
          if (!wait) throw new OpenAccountError(name, 0);
          await untilAborted(current.decided.promise, signal);
        } else {
          const waitMs = current.until - clock.now();
          if (waitMs > 0) throw new OpenAccountError(name, waitMs);
          return probe(current);
        }
      }
    },
  };
}
