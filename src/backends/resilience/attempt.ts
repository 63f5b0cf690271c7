import type { Clock } from "../../clock.ts";
import { BackendError, type Backend, type BackendEvent, type BackendRequest } from "../backend.ts";
import type { Account } from "./account.ts";
import { OpenAccountError, type Outcome, type Permit } from "./breaker.ts";
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

/** Runs one call: waits for room and watches the stream. Throws a `BackendError`, or the signal's reason on abort. */
export async function* attempt(
  seat: Seat,
  request: BackendRequest,
  patience: Patience,
  progress: Progress,
): AsyncGenerator<BackendEvent> {
  const { signal } = request;
  progress.wasAccepted = false;
  const pass = yield* queue(seat, request, patience, progress);
  const accept = (limits: readonly RateLimit[]) => {
    progress.wasAccepted = true;
    pass.accepted(limits);
  };
  const onAccepted = (headers: Headers) => accept(parseRateLimits(headers));
  let failure: BackendError | null = null;
  try {
    const permit = await seat.account.breaker.enter({ signal, wait: patience.waitForProbe });
    yield { type: "sent" };
    for await (const event of judged(permit, seat, { ...request, onAccepted }, patience)) {
      // Backends without HTTP do not report replies. A sign of life may precede a refusal.
      if (!progress.wasAccepted && event.type !== "alive") accept([]);
      yield event;
    }
  } catch (error) {
    // The breaker held the call back, so the server did not refuse it.
    if (error instanceof BackendError && !(error instanceof OpenAccountError)) failure = error;
    throw error;
  } finally {
    pass.end(failure);
  }
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
/** Runs the call and reports its outcome to the account's breaker. */
async function* judged(
  permit: Permit,
  { backend }: Seat,
  request: BackendRequest,
  patience: Patience,
): AsyncGenerator<BackendEvent> {
  let outcome: Outcome = "dropped";
  try {
    for await (const event of call(backend, request, patience)) {
      // Set before the yield, because a reader may stop at `done`.
      if (event.type === "done") outcome = "succeeded";
      yield event;
    }
  } catch (error) {
    request.signal.throwIfAborted();
    outcome = toBackendError(error, nameOf(backend));
    throw outcome;
  } finally {
    permit.end(outcome);
  }
}

/** The backend's events up to `done`. Always closes the connection. */
async function* call(
  backend: Backend,
  request: BackendRequest,
  patience: Patience,
): AsyncGenerator<BackendEvent> {
  const name = nameOf(backend);
  const hangUp = new AbortController();
  const signal = AbortSignal.any([request.signal, hangUp.signal]);
  try {
    const events = backend.ask({ ...request, signal });
    for await (const event of watchStream(events, { ...patience, name, signal: request.signal })) {
      yield event;
      if (event.type === "done") return;
    }
    request.signal.throwIfAborted();
    throw new BackendError("incomplete", `The stream of ${name} ended early.`);
  } finally {
    hangUp.abort();
  }
}
