import { ApiError } from "@google/genai/web";
import { z } from "zod";
import type { FailureClass } from "../../coordination/turn-event.ts";
import type { BackendError } from "../backend.ts";
import {
  brokenCall,
  type CallTarget,
  classOfStatus,
  isConnectionError,
  lostConnection,
  type Refusal,
  refusedCall,
} from "../provider-failure.ts";
import type { Sent } from "../read-reply.ts";

const ErrorBody = z.object({
  error: z.object({
    message: z.string().catch(""),
    details: z
      .array(
        z.object({
          reason: z.string().optional().catch(undefined),
          retryDelay: z.string().optional().catch(undefined),
          violations: z
            .array(z.object({ quotaId: z.string().optional().catch(undefined) }))
            .catch([]),
        }),
      )
      .catch([]),
  }),
});
type ErrorBody = z.infer<typeof ErrorBody>["error"];

/** This error has no code, only a message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)". */
const TOO_LONG = /token count.*exceeds|exceeds the maximum number of tokens|prompt is too long/i;
/** An invalid key is a 400. */
const BAD_KEY = /API key (not valid|not found|expired)|API_KEY_(INVALID|EXPIRED)/i;
/** A daily quota or an account's credit does not recover within a move. */
const USED_UP = /PerDay|limit: 0\b|credits are depleted/i;
const REFUSED_FORCE = /function.?calling (mode|config)|mode ANY|forces tool use/i;

export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404;

/** The model does not support function calling mode ANY. */
export const refusesForcedCalls = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.status === 400 &&
  REFUSED_FORCE.test(bodyOf(error.message).message);

/** Throws the error that a server reports in a stream, in the SDK's form. */
export function throwIfError({ event, value }: Sent): void {
  const error = ErrorBody.safeParse(value).data?.error;
  if (!error && event !== "error") return;
  const code = z.object({ error: z.object({ code: z.number() }) }).safeParse(value).data
    ?.error.code;
  throw new ApiError({ message: JSON.stringify(value), status: code ?? 500 });
}

/** Converts the SDK's error to a `BackendError`. */
export function geminiFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof ApiError) return refusedCall(refusalOf(error), target);
  if (isConnectionError(error)) return lostConnection(error, target);
  return brokenCall(error, target);
}

function refusalOf({ status, message }: ApiError): Refusal {
  const { message: words, details } = bodyOf(message);
  const codes = details.flatMap(({ reason, violations }) => [
    reason ?? "",
    ...violations.map(({ quotaId }) => quotaId ?? ""),
  ]);
  const told = [words, ...codes].join("\n");
  return {
    status,
    words,
    failure: status === 400 ? classOf400(told) : classOfStatus(status),
    retryAfterMs: milliseconds(details.find((d) => d.retryDelay !== undefined)?.retryDelay),
    ...(status === 429 && USED_UP.test(told) && { passing: false }),
  };
}

function classOf400(told: string): FailureClass {
  if (BAD_KEY.test(told)) return "auth";
  return TOO_LONG.test(told) ? "context" : "bad_request";
}

/** The SDK's message is the JSON body, with a prefix in streams. Gateways nest one body in another. */
function bodyOf(message: string): ErrorBody {
  const body = ErrorBody.safeParse(json(message.slice(message.search(/[[{]/)))).data?.error;
  if (!body) return { message, details: [] };
  return /^\s*[[{].*"error"/s.test(body.message) ? bodyOf(body.message) : body;
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value[0] : value;
  } catch {
    return null;
  }
}

/** "34.07s" → 34070. */
function milliseconds(delay: string | undefined): number | undefined {
  const seconds = /^([\d.]+)s$/.exec(delay ?? "")?.[1];
  const ms = seconds === undefined ? 0 : Math.ceil(Number(seconds) * 1000);
  return ms > 0 ? ms : undefined;
}
