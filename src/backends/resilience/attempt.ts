import type { Clock } from "../../clock.ts";
import { BackendError, type Backend, type BackendEvent, type BackendRequest } from "../backend.ts";
import type { Account } from "./account.ts";
import type { Outcome, Pass } from "./breaker.ts";
import { toBackendError } from "./failure.ts";
import { watchStream } from "./watch-stream.ts";

/** A backend and the account it is billed to. */
export interface Seat {
  readonly backend: Backend;
  readonly account: Account;
}

export interface Patience {
  readonly clock: Clock;
  readonly firstSignMs: number;
  readonly idleMs: number;
  /** If false, fails instead of waiting for another call's probe of the account. */
  readonly waitForProbe: boolean;
}

export const nameOf = ({ kind, model }: Backend): string => `${kind}/${model}`;

/** Runs one call: waits for an account slot and watches the stream. Throws a `BackendError`, or the signal's reason on abort. */
export async function* attempt(
  seat: Seat,
  request: BackendRequest,
  patience: Patience,
): AsyncGenerator<BackendEvent> {
  const { signal } = request;
  const release = await seat.account.slots.take(signal);
  try {
    const pass = await seat.account.breaker.enter({ signal, wait: patience.waitForProbe });
    yield { type: "sent" };
    yield* judged(pass, seat, request, patience);
  } finally {
    release();
  }
}

/** Runs the call and reports its outcome to the account's breaker. */
async function* judged(
  pass: Pass,
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
    pass.end(outcome);
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
