import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import type { FailureClass } from "../../coordination/turn-event.ts";
import type { BackendError } from "../backend.ts";
import {
  brokenCall,
  type CallTarget,
  isConnectionError,
  lostConnection,
  type Refusal,
  refusedCall,
} from "../provider-failure.ts";
import { retryAfterMs } from "../retry-after.ts";

/** The API's error types. Errors in a stream have no status. */
const CLASS_OF_TYPE: Readonly<Record<string, FailureClass>> = {
  authentication_error: "auth",
  billing_error: "rate_limit",
  invalid_request_error: "bad_request",
  not_found_error: "bad_request",
  overloaded_error: "overloaded",
  permission_error: "auth",
  rate_limit_error: "rate_limit",
  request_too_large: "context",
  timeout_error: "timeout",
};

/** This error has no code, only a message ("prompt is too long: 210000 tokens > 200000 maximum"). */
const TOO_LONG = /prompt is too long|exceeds? (the )?(model's )?(maximum )?context/i;
/** Retrying does not help an account without credit. */
const OUT_OF_MONEY = /credit balance|spend limit|billing/i;

/** The model does not support a forced tool choice (at all, or with thinking). */
export const refusesForcedTools = (error: unknown): boolean =>
  error instanceof APIError && error.status === 400 && /forces tool use/i.test(error.message);

/** Converts the SDK's error to a `BackendError`. */
export function anthropicFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof APIConnectionError) return lostConnection(error.cause ?? error, target);
  if (error instanceof APIError) {
    const { status, headers } = error;
    const reply = {
      type: error.type ?? "",
      message: error.apiMessage ?? error.message.replace(/^\d{3} /, ""),
    };
    return refusedCall(anthropicRefusal({ status, headers, error: reply }), target);
  }
  if (isConnectionError(error)) return lostConnection(error, target);
  return brokenCall(error, target);
}

/** An error reply, or an error event in a stream. */
export function anthropicRefusal(reply: {
  status?: number | undefined;
  headers?: Headers | undefined;
  error: { type: string; message: string };
}): Refusal {
  const { type, message: words } = reply.error;
  const refusal = { status: reply.status, words, retryAfterMs: retryAfterMs(reply.headers) };
  if (OUT_OF_MONEY.test(`${type} ${words}`)) {
    return { ...refusal, failure: "rate_limit", passing: false };
  }
  const tooLong = CLASS_OF_TYPE[type] === "bad_request" && TOO_LONG.test(words);
  return { ...refusal, failure: tooLong ? "context" : CLASS_OF_TYPE[type] };
}
