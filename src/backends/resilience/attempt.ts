import type { Clock } from "../../clock.ts";
import { BackendError, type Backend, type BackendEvent, type BackendRequest } from "../backend.ts";
import type { Account } from "./account.ts";
import type { Outcome, Permit } from "./breaker.ts";
import { toBackendError } from "./failure.ts";
import type { Pass } from "./pass.ts";
import { parseRateLimits } from "./rate-limit-headers.ts";
import type { RateLimit } from "./rate-window.ts";
import { watchStream } from "./watch-stream.ts";

/** A backend and the account it is billed to. */
export interface Seat {
  readonly backend: Backend;
  readonly account: Account;
  /** The account may have so many calls in flight when this backend makes one; undefined: as many as its server takes. */
  readonly ceiling?: number | undefined;
}

export interface Patience {
  readonly clock: Clock;
  readonly firstSignMs: number;
  readonly idleMs: number;
  /** If false, fails instead of waiting for another call's probe of the account. */
  readonly waitForProbe: boolean;
  /** Fails rather than wait longer before a retry, ms. */
  readonly longestDelayMs: number;
  /** Fails rather than wait out a longer pause of the provider, ms. */
  readonly longestPauseMs: number;
}

/** What became of the attempts of one `ask`. */
export interface Progress {
  /** Milliseconds that it has waited for room. */
  queuedMs: number;
  /** The server took the last attempt on. */
  wasAccepted: boolean;
}

export const nameOf = ({ kind, model }: Backend): string => `${kind}/${model}`;

/** Waits for room, which it tells, and starts the call. Throws a `BackendError`, or the signal's reason on abort. */
export async function* startCall(
  seat: Seat,
  request: BackendRequest,
  patience: Patience,
  progress: Progress,
): AsyncGenerator<BackendEvent, WatchedCall> {
  const { signal } = request;
  progress.wasAccepted = false;
  const pass = yield* queue(seat, request, patience, progress);
  try {
    const permit = await seat.account.breaker.enter({ signal, wait: patience.waitForProbe });
    return watchCall({ ...seat, permit, pass }, request, patience, progress);
  } catch (error) {
    // The breaker held the call back, so the server did not refuse it.
    pass.end();
    throw error;
  }
}

/** The events of a call under way, up to `done`. */
export interface WatchedCall extends AsyncIterable<BackendEvent> {
  /** Ends the call with this failure. */
  fail(error: unknown): BackendError;
  /** Closes the connection, and tells the account how the call went. Only the first time counts. */
  end(): void;
}

function watchCall(
  { backend, permit, pass }: Seat & { readonly permit: Permit; readonly pass: Pass },
  request: BackendRequest,
  patience: Patience,
  progress: Progress,
): WatchedCall {
  const name = nameOf(backend);
  let outcome: Outcome = "dropped";
  let isOver = false;
  const accept = (limits: readonly RateLimit[]) => {
    progress.wasAccepted = true;
    pass.accepted(limits);
  };
  const onAccepted = (headers: Headers) => accept(parseRateLimits(headers));
  const note = ({ type }: BackendEvent): void => {
    // Backends without HTTP do not report replies. A sign of life may precede a refusal.
    if (!progress.wasAccepted && type !== "alive") accept([]);
    if (type === "done") outcome = "succeeded";
  };
  const stream = watchStream((signal) => backend.ask({ ...request, signal, onAccepted }), {
    ...patience,
    name,
    signal: request.signal,
    note,
  });
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    stream.end();
    permit.end(outcome);
    pass.end(outcome instanceof BackendError ? outcome : null);
  };
  return {
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    fail(error) {
      const failure = toBackendError(error, name);
      // A whole reply that is no answer says nothing against the account.
      if (outcome !== "succeeded") outcome = failure;
      end();
      return failure;
    },
    end,
  };
}

/** Waits in the account's line until the call may be sent. */
async function* queue(
  { account, backend, ceiling }: Seat,
  { signal, turnStartedAt = Number.POSITIVE_INFINITY }: BackendRequest,
  { clock, longestPauseMs }: Patience,
  progress: Progress,
): AsyncGenerator<BackendEvent, Pass> {
  const { model } = backend;
  const since = clock.now();
  const ticket = account.gate.enter({
    model,
    rank: turnStartedAt,
    ceiling,
    longestPauseMs,
    signal,
  });
  try {
    for (;;) {
      const next = await ticket.next();
      if (!("cause" in next)) return next;
      yield { type: "queued", ...next };
    }
  } finally {
    progress.queuedMs += clock.now() - since;
    ticket.leave();
  }
}
