import { z } from "zod";
import type { ErrorBody } from "./error-body.ts";
import { retryAfterMs } from "./retry-after.ts";

/** A provider's error, in the one form that `providerFetch` gives to all SDKs. */
export interface ProviderReply {
  /** HTTP status; absent for errors in a stream that name none. */
  readonly status?: number | undefined;
  /** The provider's message. */
  readonly words: string;
  /** Types, codes, statuses and reasons. */
  readonly codes: readonly string[];
  readonly retryAfterMs?: number | undefined;
  /** The whole body, as text. */
  readonly body?: string | undefined;
  /** The field of the request that the error names. */
  readonly param?: string | null | undefined;
}

const UniformError = z.object({
  message: z.string().catch(""),
  codes: z.array(z.string()).catch([]),
  retry_after_ms: z.number().optional().catch(undefined),
  body: z.string().catch(""),
  param: z.string().nullable().catch(null),
});
const NOTHING = { message: "", codes: [], body: "", param: null };

/** Reads the `error` of an SDK's error. */
export function readUniformError(error: unknown, status: number | undefined): ProviderReply {
  const { message, codes, retry_after_ms, ...rest } = UniformError.catch(NOTHING).parse(error);
  return { status, words: message, codes, retryAfterMs: retry_after_ms, ...rest };
}

/** An error in a stream. `headers`: of the reply. */
export const replyIn = (body: ErrorBody, headers: Headers): ProviderReply => ({
  status: body.status,
  words: body.words,
  codes: body.codes,
  retryAfterMs: retryAfterMs(headers, body),
});
