import type { Clock } from "../../clock.ts";
import type { Limits } from "../../coordination/policy.ts";
import { sleep } from "../../timers.ts";
import { BackendError, type Backend, type BackendEvent, type BackendRequest } from "../backend.ts";
import { attempt, nameOf, type Patience, type Progress, type Seat } from "./attempt.ts";
import { OpenAccountError } from "./breaker.ts";
import { isOfThisBackend, isPassing, isRefusal, toBackendError } from "./failure.ts";
import { createPauses } from "./pauses.ts";
import { RateLimitedError } from "./rate-limited-error.ts";

const LONGEST_WAIT_WITH_FALLBACK_MS = 10_000;

export type RetryLimits = Pick<
  Limits,
  "move_timeout" | "queue_timeout" | "first_sign" | "idle" | "move_retries"
>;

export interface ResilienceOptions {
  readonly seat: Seat;
  /** Used when the primary backend fails for good, whatever the reason, except for a prompt that is too long. */
  readonly fallback?: Seat;
  readonly clock: Clock;
  readonly limits: RetryLimits;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** The context of one `ask`. */
interface Call {
  readonly request: BackendRequest;
  /** On the clock, its waits for room not counted. */
  readonly deadline: number;
  readonly progress: Progress;
  retries: number;
}

/**
 * A backend with a line for room, retries, stall detection and a fallback, all within the move's deadline. Emits `retrying` before each restart. Throws
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
      const progress = { queuedMs: 0, wasAccepted: false };
      const call: Call = { request, deadline, progress, retries: 0 };
      const failure = yield* persist(seat, call, options);
      if (!failure) return;
      if (!fallback || !isOfThisBackend(failure)) throw failure;
      yield announce(call, failure, { delayMs: 0, backend: nameOf(fallback.backend) });
      const second = yield* persist(fallback, call, { ...options, fallback: undefined });
      if (second) throw bothFailed(failure, second);
    },
  };
}

type PersistOptions = Omit<ResilienceOptions, "fallback"> & {
  readonly fallback?: Seat | undefined;
};

/** Calls one backend until it succeeds. Returns the failure if further retries cannot help. */
async function* persist(
  seat: Seat,
  call: Call,
  options: PersistOptions,
): AsyncGenerator<BackendEvent, BackendError | null> {
  const { clock, limits, random } = options;
  const { request, progress } = call;
  const pauses = createPauses(random);
  const hasFallback = options.fallback !== undefined;
  const lucky = createLuck(seat);
  for (let left = limits.move_retries; ;) {
    const patience = patienceOf(options, progress);
    try {
      yield* replies(attempt(seat, request, patience, progress), seat, options);
      return null;
    } catch (error) {
      request.signal.throwIfAborted();
      const failure = toBackendError(error, nameOf(seat.backend));
      if (!isWorthRetrying(failure, hasFallback)) return failure;
      if (!lucky.othersGotThrough(failure, progress)) left -= 1;
      if (left < 0) return failure;
      const pauseMs = isRefusal(failure, false) ? seat.account.gate.pauseMs(seat.backend.model) : 0;
      // In a pause of the provider the call waits in the line.
      const delayMs = pauseMs > 0 ? 0 : pauses.next(failure);
      if (isTooLong({ pauseMs, delayMs }, patience) || isTooLate(call, clock.now() + delayMs))
        return failure;
      yield announce(call, failure, { delayMs: pauseMs + delayMs });
      await rest(clock, delayMs, request.signal);
    }
  }
}

const rest = async (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  ms > 0 ? sleep(clock, ms, signal) : undefined;

const isTooLong = (
  { pauseMs, delayMs }: { readonly pauseMs: number; readonly delayMs: number },
  { longestPauseMs, longestDelayMs }: Patience,
): boolean => pauseMs > longestPauseMs || delayMs > longestDelayMs;

const isTooLate = ({ deadline, progress }: Call, time: number): boolean =>
  time >= deadline + progress.queuedMs;

const patienceOf = (
  { clock, limits, fallback }: PersistOptions,
  { queuedMs }: Progress,
): Patience => {
  const left = Math.max(0, limits.queue_timeout * 1000 - queuedMs);
  return {
    clock,
    firstSignMs: limits.first_sign * 1000,
    idleMs: limits.idle * 1000,
    waitForProbe: fallback === undefined,
    longestDelayMs: fallback ? LONGEST_WAIT_WITH_FALLBACK_MS : Number.POSITIVE_INFINITY,
    longestPauseMs: fallback ? Math.min(LONGEST_WAIT_WITH_FALLBACK_MS, left) : left,
  };
};

/** Tells whether a refused call just had no luck: the provider took on others for the same model since its last refusal. */
function createLuck({ account: { gate }, backend: { model } }: Seat) {
  let known = gate.acceptedFor(model);
  return {
    othersGotThrough(failure: BackendError, { wasAccepted }: Progress): boolean {
      const before = known;
      known = gate.acceptedFor(model);
      return isRefusal(failure, false) && !wasAccepted && known > before;
    },
  };
}

/** With a fallback, an answer that the model or a filter declined is a failure. */
const replies = (
  events: AsyncIterable<BackendEvent>,
  { backend }: Seat,
  { fallback }: PersistOptions,
): AsyncIterable<BackendEvent> => (fallback ? withoutRefusals(events, backend) : events);

async function* withoutRefusals(
  events: AsyncIterable<BackendEvent>,
  backend: Backend,
): AsyncGenerator<BackendEvent> {
  for await (const event of events) {
    if (event.type === "done" && event.finish === "refusal") {
      throw new BackendError("refused", `${nameOf(backend)} declined to answer.`);
    }
    yield event;
  }
}

/** With a fallback, does not wait for an account that is down, nor retry a model that was silent for most of the move. */
const isWorthRetrying = (failure: BackendError, hasFallback: boolean): boolean =>
  isPassing(failure) &&
  !(failure instanceof RateLimitedError) &&
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
