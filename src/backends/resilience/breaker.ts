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
/** From here on a Retry-After speaks for the whole account, not for one call. */
const LONG_RETRY_AFTER_MS = 30_000;
// A provider that asks for more is probed again all the same.
const LONGEST_RETRY_AFTER_MS = 600_000;

/** `dropped`: the call ended for reasons that say nothing about the account. */
export type Outcome = "succeeded" | "dropped" | BackendError;

/** One call's leave to run; `end` must be called once, whatever becomes of the call. */
export interface Pass {
  end(outcome: Outcome): void;
}

/** Keeps the agents of one account from hammering a provider that is down. */
export interface Breaker {
  /**
   * Throws an `OpenAccountError` with the time to wait while the account is open. While it is probed, waits for the probe's end; with
   * `wait: false` that is refused like an open one.
   */
  enter(options: { signal: AbortSignal; wait: boolean }): Promise<Pass>;
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

/** The call was not made: its account has just failed too often, or asked for a long pause. */
export class OpenAccountError extends BackendError {
  constructor(name: string, waitMs: number) {
    const next = waitMs > 0 ? `in ${Math.ceil(waitMs / 1000)} s` : "now, with another call";
    super("overloaded", `${name} is not available. Parley tries it again ${next}.`, {
      retryAfterMs: waitMs,
    });
  }
}

/** What a call that ran as `from` makes of the state. An error that would not pass shows that the provider is up. */
function after(from: Closed | Probing, outcome: Exclude<Outcome, "dropped">, now: number): State {
  const failure = outcome !== "succeeded" && isPassing(outcome) ? outcome : null;
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
  const passOf = (from: Closed | Probing): Pass => ({
    end(outcome) {
      if (outcome !== "dropped") move(from, after(from, outcome, clock.now()));
      else if (from.kind === "probing") {
        move(from, { kind: "open", until: clock.now(), backoff: from.backoff });
      }
    },
  });
  const probe = ({ backoff }: Open): Pass => {
    const probing: Probing = { kind: "probing", backoff, decided: Promise.withResolvers() };
    state = probing;
    return passOf(probing);
  };

  return {
    async enter({ signal, wait }) {
      for (;;) {
        const current = state;
        if (current.kind === "closed") return passOf(current);
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
