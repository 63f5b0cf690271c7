import type { Clock } from "../../clock.ts";
import type { Limits } from "../../coordination/policy.ts";
import { sleep } from "../../timers.ts";
import { BackendError, type Backend, type BackendEvent } from "../backend.ts";
import { nameOf, type Patience, type Seat, startCall, type WatchedCall } from "./attempt.ts";
import { isOfThisBackend, isPassing, toBackendError } from "./failure.ts";
import { type Call, createRetries } from "./retries.ts";

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

/**
 * A backend with a line for room, retries, stall detection and a fallback, all within the move's deadline. Emits `retrying` before each restart. Throws
 * the last failure, or the signal's reason on abort.
 */
export function createResilientBackend(options: ResilienceOptions): Backend {
  const { seat, clock, limits } = options;
  return {
    kind: seat.backend.kind,
    model: seat.backend.model,
    provider: seat.backend.provider,
    async *ask(request) {
      const deadline = request.deadline ?? clock.now() + limits.move_timeout * 1000;
      const progress = { queuedMs: 0, wasAccepted: false };
      const course = createCourse(options, { request, deadline, progress });
      for (;;) {
        let running: WatchedCall | null = null;
        try {
          running = yield* startCall(course.seat(), request, course.patience(), progress);
          yield { type: "sent" };
          for await (const event of running) {
            course.check(event);
            yield event;
          }
          return;
        } catch (error) {
          request.signal.throwIfAborted();
          const { delayMs, event } = course.after(running?.fail(error) ?? error);
          yield event;
          await rest(clock, delayMs, request.signal);
        } finally {
          running?.end();
        }
      }
    },
  };
}

/** What the attempts of one `ask` are made with, one after the other: first the backend's own, then the fallback. */
interface Course {
  seat(): Seat;
  /** Call once before each attempt. */
  patience(): Patience;
  /** Throws if the attempt has failed although the reply is complete. */
  check(event: BackendEvent): void;
  /** What comes after a failed attempt: tell people so, wait, and make the next one. Throws the failure if nothing is left to try. */
  after(error: unknown): { readonly event: BackendEvent; readonly delayMs: number };
}

function createCourse(options: ResilienceOptions, call: Call): Course {
  let current = createRetries(options.seat, call, options);
  let next = options.fallback;
  let first: BackendError | null = null;
  let attempts = 0;
  const announce = (
    { failure, message }: BackendError,
    step: { delayMs: number; backend?: string },
  ): BackendEvent => {
    attempts += 1;
    return { type: "retrying", attempt: attempts, failure, message, ...step };
  };
  return {
    seat: () => current.seat,
    patience: () => current.patience(),
    check(event) {
      // With a fallback, an answer that the model or a filter declined is a failure.
      if (next && event.type === "done" && event.finish === "refusal") {
        throw new BackendError("refused", `${nameOf(current.seat.backend)} declined to answer.`);
      }
    },
    after(error) {
      const failure = toBackendError(error, nameOf(current.seat.backend));
      const again = current.after(failure);
      if (again) {
        const event = announce(failure, { delayMs: again.pauseMs + again.delayMs });
        return { event, delayMs: again.delayMs };
      }
      if (first) throw bothFailed(first, failure);
      if (!next || !isOfThisBackend(failure)) throw failure;
      current = createRetries(next, call, { ...options, fallback: undefined });
      [first, next] = [failure, undefined];
      const backend = nameOf(current.seat.backend);
      return { event: announce(failure, { delayMs: 0, backend }), delayMs: 0 };
    },
  };
}

const rest = async (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  ms > 0 ? sleep(clock, ms, signal) : undefined;

const bothFailed = (first: BackendError, second: BackendError): BackendError =>
  new BackendError(second.failure, `${second.message} Before that: ${first.message}`, {
    cause: second,
    retryAfterMs: second.retryAfterMs,
    passing: isPassing(second),
  });
