import type { FailureClass } from "../../coordination/turn-event.ts";
import { BackendError } from "../backend.ts";

const PASSING: ReadonlySet<FailureClass> = new Set([
  "rate_limit",
  "overloaded",
  "network",
  "timeout",
  "incomplete",
]);

/** Whether a retry may succeed. */
export const isPassing = (error: BackendError): boolean =>
  error.passing !== false && PASSING.has(error.failure);

/** Whether the server had no room for the call. A local server says so by its silence. */
export const isRefusal = ({ failure, passing }: BackendError, isLocal: boolean): boolean =>
  passing !== false &&
  (failure === "rate_limit" || failure === "overloaded" || (isLocal && failure === "timeout"));

/** Whether another backend may succeed: it may have another model, key, filter, or take what this one refuses. A prompt that is too long is cut. */
export const isOfThisBackend = (error: BackendError): boolean => error.failure !== "context";

/** Converts any thrown value to a `BackendError`. Unclassified errors count as dropped connections, because bare fetch errors usually are. */
export const toBackendError = (error: unknown, backend: string): BackendError =>
  error instanceof BackendError
    ? error
    : new BackendError("network", `The call to ${backend} broke off: ${String(error)}.`, {
        cause: error,
      });
