import { Refusal } from "../world/refusal.ts";
import type { Time } from "../world/time.ts";
import type { Answer } from "./call.ts";
import { retryAfterHeader, type Scope } from "./limits.ts";

/** An answer, as it is written. */
export interface Outcome {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a 429. */
  readonly scope?: Scope;
}

export function outcomeOf(answer: Answer): Outcome {
  if (answer === undefined) return { status: 204 };
  if ("created" in answer) return { status: 201, json: answer.created };
  return { status: 200, json: answer };
}

const plain = (status: number, message: string): Outcome => ({
  status,
  json: { message: `${status}: ${message}`, code: 0 },
});

export const notFound = plain(404, "Not Found");
export const unauthorized = plain(401, "Unauthorized");
export const broken = (status: number): Outcome => plain(status, "Internal Server Error");

/** The answer to a refusal, or to what is no JSON; anything else is this server's own mistake, and thrown on. */
export function failureOf(time: Time, problem: unknown): Outcome {
  if (problem instanceof SyntaxError) return plain(400, "Bad Request");
  if (!(problem instanceof Refusal)) throw problem;
  const { status, code, message, errors, retryAfterMs } = problem;
  const json = { message, code, ...(errors && { errors }) };
  if (retryAfterMs === undefined) return { status, json };
  return {
    status,
    scope: "shared",
    json: { ...json, retry_after: time.forClient(retryAfterMs) / 1_000 },
    headers: {
      "retry-after": retryAfterHeader(time, retryAfterMs),
      "x-ratelimit-scope": "shared",
    },
  };
}

export interface Exceeded {
  readonly retryAfterMs: number;
  readonly scope: Scope;
}

export function tooMany(
  time: Time,
  { retryAfterMs, scope }: Exceeded,
  headers: Readonly<Record<string, string>>,
): Outcome {
  const isGlobal = scope === "global";
  return {
    status: 429,
    scope,
    json: {
      message: "You are being rate limited.",
      retry_after: time.forClient(retryAfterMs) / 1_000,
      global: isGlobal,
    },
    headers: {
      ...headers,
      "retry-after": retryAfterHeader(time, retryAfterMs),
      "x-ratelimit-scope": scope,
      ...(isGlobal && { "x-ratelimit-global": "true" }),
    },
  };
}

/** What stands in front of the API answers for it; not in JSON. */
export const shutOut = (time: Time, forMs: number): Outcome => ({
  status: 429,
  json: "error code: 1015",
  headers: { "content-type": "text/plain", "retry-after": retryAfterHeader(time, forMs) },
});
