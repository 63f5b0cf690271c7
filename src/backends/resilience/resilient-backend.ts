import type { Clock } from "../../clock.ts";
import type { Limits } from "../../coordination/policy.ts";
import { sleep } from "../../timers.ts";
import { BackendError, type Backend, type BackendEvent, type BackendRequest } from "../backend.ts";
import { attempt, nameOf, type Patience, type Seat } from "./attempt.ts";
import { OpenAccountError } from "./breaker.ts";
import { isOfThisBackend, isPassing, toBackendError } from "./failure.ts";
import { createPauses } from "./pauses.ts";

const LONGEST_WAIT_WITH_FALLBACK_MS = 10_000;

export type RetryLimits = Pick<Limits, "move_timeout" | "first_sign" | "idle" | "move_retries">;

export interface ResilienceOptions {
  readonly seat: Seat;
  /** Asked once the seat cannot be helped: its retries are spent, its account is open or refuses the key. */
  readonly fallback?: Seat;
  readonly clock: Clock;
  readonly limits: RetryLimits;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** What one `ask` carries along. */
interface Call {
  readonly request: BackendRequest;
  /** On the clock. */
  readonly deadline: number;
  retries: number;
}

/**
 * A backend that waits its turn, retries what may pass, watches for silence and takes the fallback, all within the move's time. It announces
 * each new start by a `retrying` event, and throws the last failure, or the signal's reason as soon as that aborts.
 */
export function createResilientBackend(options: ResilienceOptions): Backend {
  const { seat, fallback, clock, limits } = options;
  return {
    kind: seat.backend.kind,
    model: seat.backend.model,
    provider: seat.backend.provider,
    async *ask(request) {
      const deadline = request.deadline ?? clock.now() + limits.move_timeout * 1000;
      const call: Call = { request, deadline, retries: 0 };
      const failure = yield* persist(seat, call, options);
      if (!failure) return;
      if (!fallback || !isOfThisBackend(failure)) throw failure;
      yield announce(call, failure, { delayMs: 0, backend: nameOf(fallback.backend) });
      const second = yield* persist(fallback, call, { ...options, fallback: undefined });
      if (second) throw bothFailed(failure, second);
    },
  };
}

/** Asks one seat until it is done; returns the failure that no further retry of it can help. */
async function* persist(
  seat: Seat,
  call: Call,
  options: Omit<ResilienceOptions, "fallback"> & { readonly fallback?: Seat | undefined },
): AsyncGenerator<BackendEvent, BackendError | null> {
  const { clock, limits, random } = options;
  const pauses = createPauses(random);
  const hasFallback = options.fallback !== undefined;
  const patience: Patience = {
    clock,
    firstSignMs: limits.first_sign * 1000,
    idleMs: limits.idle * 1000,
    waitForProbe: !hasFallback,
  };
  for (let left = limits.move_retries; ; left -= 1) {
    try {
      yield* attempt(seat, call.request, patience);
      return null;
    } catch (error) {
      call.request.signal.throwIfAborted();
      const failure = toBackendError(error, nameOf(seat.backend));
      if (left === 0 || !isWorthRetrying(failure, hasFallback)) return failure;
      const delayMs = pauses.next(failure);
      const longest = hasFallback ? LONGEST_WAIT_WITH_FALLBACK_MS : Infinity;
      if (delayMs > longest || clock.now() + delayMs >= call.deadline) return failure;
      yield announce(call, failure, { delayMs });
      await sleep(clock, delayMs, call.request.signal);
    }
  }
}

/** With a fallback at hand nobody waits for an account that is down, or listens once more to a model that kept silent for most of the move. */
const isWorthRetrying = (failure: BackendError, hasFallback: boolean): boolean =>
  isPassing(failure) &&
  !(hasFallback && (failure instanceof OpenAccountError || failure.failure === "timeout"));

function announce(
  call: Call,
  { failure, message }: BackendError,
  next: { delayMs: number; backend?: string },
): BackendEvent {
  call.retries += 1;
  return { type: "retrying", attempt: call.retries, failure, message, ...next };
}

const bothFailed = (first: BackendError, second: BackendError): BackendError =>
  new BackendError(second.failure, `${second.message} Before that: ${first.message}`, {
    cause: second,
    retryAfterMs: second.retryAfterMs,
    passing: isPassing(second),
  });
