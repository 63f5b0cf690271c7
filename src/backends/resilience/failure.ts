import type { FailureClass } from "../../coordination/turn-event.ts";
import { BackendError } from "../backend.ts";

const PASSING: ReadonlySet<FailureClass> = new Set([
  "rate_limit",
  "overloaded",
  "network",
  "timeout",
  "incomplete",
]);

/** Whether the same call may succeed a little later. */
export const isPassing = (error: BackendError): boolean =>
  error.passing !== false && PASSING.has(error.failure);

/** Whether another backend may succeed where this one did not: a request that is wrong in itself is wrong everywhere. */
export const isOfThisBackend = (error: BackendError): boolean =>
  PASSING.has(error.failure) || error.failure === "auth";

/** What an adapter threw as a `BackendError`; what it failed to classify counts as a dropped connection, which is what fetch's bare errors mostly are. */
export const toBackendError = (error: unknown, backend: string): BackendError =>
  error instanceof BackendError
    ? error
    : new BackendError("network", `The call to ${backend} broke off: ${String(error)}.`, {
        cause: error,
      });
