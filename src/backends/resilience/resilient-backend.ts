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
  /** Used when the primary backend fails for good: retries are used up, its breaker is open, or the key is rejected. */
  readonly fallback?: Seat;
  readonly clock: Clock;
  readonly limits: RetryLimits;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** The context of one `ask`. */
interface Call {
  readonly request: BackendRequest;
  /** On the clock. */
  readonly deadline: number;
  retries: number;
}

/**
 * A backend with call slots, retries, stall detection and a fallback, all within the move's deadline. Emits `retrying` before each restart. Throws
 * the last failure, or the signal's reason on abort.
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

/** Calls one backend until it succeeds. Returns the failure if further retries cannot help. */
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

/** With a fallback, does not wait for an account that is down, nor retry a model that was silent for most of the move. */
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
