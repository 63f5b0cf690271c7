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

/** Runs one call: waits for room and watches the stream up to `done`. Throws a `BackendError`, or the signal's reason on abort. */
export async function* attempt(
  seat: Seat,
  request: BackendRequest,
  patience: Patience,
  progress: Progress,
): AsyncGenerator<BackendEvent> {
  const { signal } = request;
  progress.wasAccepted = false;
  const pass = yield* queue(seat, request, patience, progress);
  let call: WatchedCall | null = null;
  try {
    const permit = await seat.account.breaker.enter({ signal, wait: patience.waitForProbe });
    call = startCall({ ...seat, permit, pass }, request, patience, progress);
    yield { type: "sent" };
    for await (const event of call) {
      yield event;
      if (event.type === "done") return;
    }
    signal.throwIfAborted();
    throw new BackendError("incomplete", `The stream of ${nameOf(seat.backend)} ended early.`);
  } catch (error) {
    signal.throwIfAborted();
    throw call ? call.fail(error) : error;
  } finally {
    call?.end();
    // Once more for a call that the breaker held back: the server did not refuse it.
    pass.end();
  }
}

/** A call under way. */
interface WatchedCall extends AsyncIterable<BackendEvent> {
  /** The failure that counts as the call's outcome. */
  fail(error: unknown): BackendError;
  /** Reports the outcome to the account, and closes the connection. */
  end(): void;
}

function startCall(
  { backend, permit, pass }: Seat & { readonly permit: Permit; readonly pass: Pass },
  request: BackendRequest,
  patience: Patience,
  progress: Progress,
): WatchedCall {
  const name = nameOf(backend);
  let outcome: Outcome = "dropped";
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
  return {
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    fail: (error) => (outcome = toBackendError(error, name)),
    end() {
      stream.end();
      permit.end(outcome);
      pass.end(outcome instanceof BackendError ? outcome : null);
    },
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
