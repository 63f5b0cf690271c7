import { APIConnectionError, APIError } from "openai";
import { z } from "zod";
import type { FailureClass } from "../../coordination/turn-event.ts";
import type { BackendError } from "../backend.ts";
import {
  type CallTarget,
  classOfStatus,
  incompleteReply,
  isConnectionError,
  lostConnection,
  type Refusal,
  refusedCall,
} from "../provider-failure.ts";
import type { Sent } from "../read-reply.ts";
import { retryAfterMs } from "../retry-after.ts";

/** https://platform.openai.com/docs/guides/error-codes and the `ResponseError` codes. Errors in a stream have no status. */
const CLASS_OF_CODE: Readonly<Record<string, FailureClass>> = {
  billing_hard_limit_reached: "rate_limit",
  context_length_exceeded: "context",
  exceed_context_size_error: "context",
  insufficient_quota: "rate_limit",
  invalid_api_key: "auth",
  rate_limit_exceeded: "rate_limit",
  server_error: "overloaded",
  server_is_overloaded: "overloaded",
  slow_down: "overloaded",
  vector_store_timeout: "timeout",
};

/** Messages of servers that send no code: vLLM, llama.cpp, OpenRouter, Grok, Mistral. */
const TOO_LONG =
  /context[ _](length|window|size)|maximum (prompt|input) length|(prompt|input) is too long|too large for model|request too large/i;
/** Retrying does not help an account without credit. */
const OUT_OF_MONEY = /insufficient_quota|billing|insufficient (credits|balance)/i;
const AGAINST_POLICY = /_policy|^invalid_prompt$|content_filter|moderation/i;
const BAD_PICTURE = /image/i;

/** OpenRouter puts the upstream server's message into `metadata.raw`. */
const ErrorBody = z.object({
  message: z.string().optional().catch(undefined),
  metadata: z.object({ raw: z.string() }).optional().catch(undefined),
});

/** An error reply, or an error event in a stream. */
export interface OpenAIErrorReply {
  readonly status?: number | undefined;
  readonly code?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly words: string;
  readonly headers?: Headers | undefined;
}

/** Throws the error that a server reports in a stream, in the SDK's form. */
export function throwIfError({ event, value }: Sent, headers: Headers): void {
  const body = z.looseObject({ error: z.unknown().optional() }).safeParse(value).data;
  const error = body?.error || (event === "error" && (body ?? { message: value }));
  if (!error) return;
  const told = typeof error === "object" ? error : { message: error };
  throw new APIError(undefined, told, undefined, headers);
}

/** Converts the SDK's error to a `BackendError`. */
export function openAIFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof APIConnectionError) return lostConnection(error.cause ?? error, target);
  if (error instanceof APIError) return openAIRefusal(replyOf(error), target);
  if (isConnectionError(error)) return lostConnection(error, target);
  return incompleteReply(target, error instanceof Error ? error.message : String(error));
}

/** Classifies an error reply by its code if there is one, else by its message and status. */
export function openAIRefusal(reply: OpenAIErrorReply, target: CallTarget): BackendError {
  const isOutOfMoney = reply.status === 402 || OUT_OF_MONEY.test(`${reply.code} ${reply.words}`);
  const refusal: Refusal = {
    status: reply.status,
    words: reply.words + addressHint(reply, target),
    failure: isOutOfMoney ? "rate_limit" : classOf(reply),
    retryAfterMs: retryAfterMs(reply.headers) ?? retryAfterIn(reply.words),
    ...(isOutOfMoney && { passing: false }),
  };
  return refusedCall(refusal, target);
}

/** The server's message, without the status that the SDK prepends. */
export function wordsOf(error: APIError): string {
  const { message, metadata } = ErrorBody.catch({}).parse(error.error);
  const words = message ?? error.message.replace(/^\d{3} /, "");
  return metadata ? `${words}: ${metadata.raw}` : words;
}

function replyOf(error: APIError): OpenAIErrorReply {
  // Chat Completions servers put the status into `code`, as a number.
  const code = error.code === undefined || error.code === null ? undefined : String(error.code);
  const inStream = /^[45]\d\d$/.test(code ?? "") ? Number(code) : undefined;
  const { type, headers } = error;
  return { status: error.status ?? inStream, code, type, words: wordsOf(error), headers };
}

function classOf(reply: OpenAIErrorReply): FailureClass | undefined {
  const { status, words } = reply;
  const code = reply.code ?? "";
  const known = CLASS_OF_CODE[code] ?? CLASS_OF_CODE[reply.type ?? ""];
  if (known === "context" || TOO_LONG.test(words)) return "context";
  if (AGAINST_POLICY.test(code)) return "refused";
  if (status !== undefined) return classOfStatus(status);
  return known ?? (BAD_PICTURE.test(code) ? "bad_request" : undefined);
}

/** A wrong base URL usually lacks the version. */
const addressHint = ({ status }: OpenAIErrorReply, { baseUrl }: CallTarget): string =>
  status === 404 && !/\/v\d[^/]*\/?$/.test(baseUrl) ? "; does the base URL end in /v1?" : "";

/** Streams have no headers, so parse the message: "Please try again in 1.5s." */
function retryAfterIn(words: string): number | undefined {
  const [, amount, unit] = /try again in (\d+(?:\.\d+)?) ?(ms|s)\b/i.exec(words) ?? [];
  if (amount === undefined) return undefined;
  return Math.ceil(Number(amount) * (unit?.toLowerCase() === "ms" ? 1 : 1000));
}
