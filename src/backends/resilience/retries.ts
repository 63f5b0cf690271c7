import type { Limits } from "../../coordination/policy.ts";
import type { Clock } from "../../clock.ts";
import type { BackendError, BackendRequest } from "../backend.ts";
import type { Patience, Progress, Seat } from "./attempt.ts";
import { OpenAccountError } from "./breaker.ts";
import { isPassing, isRefusal } from "./failure.ts";
import { createPauses } from "./pauses.ts";
import { RateLimitedError } from "./rate-limited-error.ts";

const LONGEST_WAIT_WITH_FALLBACK_MS = 10_000;

/** One `ask` of a resilient backend. */
export interface Call {
  readonly request: BackendRequest;
  /** On the clock, its waits for room not counted. */
  readonly deadline: number;
  readonly progress: Progress;
}

interface RetryOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "queue_timeout" | "first_sign" | "idle" | "move_retries">;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Takes over once no retry can help. */
  readonly fallback?: Seat | undefined;
}

/** The pause before the next attempt: in the account's line, and before it. */
interface Pause {
  readonly pauseMs: number;
  readonly delayMs: number;
}

/** The attempts at one backend. */
export interface Retries {
  readonly seat: Seat;
  /** Call once before each attempt. */
  patience(): Patience;
  /** The pause after a failed attempt; null if further ones cannot help. */
  after(failure: BackendError): Pause | null;
}

export function createRetries(seat: Seat, call: Call, options: RetryOptions): Retries {
  const { clock, limits, random, fallback } = options;
  const pauses = createPauses(random);
  const lucky = createLuck(seat);
  let left = limits.move_retries;
  let patience = patienceOf(options, call.progress);
  return {
    seat,
    patience: () => (patience = patienceOf(options, call.progress)),
    after(failure) {
      if (!isWorthRetrying(failure, fallback !== undefined)) return null;
      if (!lucky.othersGotThrough(failure, call.progress)) left -= 1;
      if (left < 0) return null;
      const { gate } = seat.account;
      const pauseMs = isRefusal(failure, false) ? gate.pauseMs(seat.backend.model) : 0;
      // In a pause of the provider the call waits in the line.
      const pause = { pauseMs, delayMs: pauseMs > 0 ? 0 : pauses.next(failure) };
      const isLate = isTooLong(pause, patience) || isTooLate(call, clock.now() + pause.delayMs);
      return isLate ? null : pause;
    },
  };
}

const isTooLong = (
  { pauseMs, delayMs }: Pause,
  { longestPauseMs, longestDelayMs }: Patience,
): boolean => pauseMs > longestPauseMs || delayMs > longestDelayMs;

const isTooLate = ({ deadline, progress }: Call, time: number): boolean =>
  time >= deadline + progress.queuedMs;

const patienceOf = (
  { clock, limits, fallback }: RetryOptions,
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

/** Tells whether a refused call just had no luck: the provider took on others for the same model since its last refusal, or is at work on them. */
function createLuck({ account: { gate }, backend: { model } }: Seat) {
  let known = gate.acceptedFor(model);
  return {
    othersGotThrough(failure: BackendError, { wasAccepted }: Progress): boolean {
      const before = known;
      known = gate.acceptedFor(model);
      const othersAreServed = known > before || gate.isServing(model);
      return isRefusal(failure, false) && !wasAccepted && othersAreServed;
    },
  };
}

/** With a fallback, does not wait for an account that is down, nor retry a model that was silent for most of the move. */
const isWorthRetrying = (failure: BackendError, hasFallback: boolean): boolean =>
  isPassing(failure) &&
  !(failure instanceof RateLimitedError) &&
  !(hasFallback && (failure instanceof OpenAccountError || failure.failure === "timeout"));
