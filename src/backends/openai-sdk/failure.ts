import { APIConnectionError, APIError } from "openai";
import type { BackendError } from "../backend.ts";
import {
  type CallTarget,
  incompleteReply,
  isConnectionError,
  lostConnection,
  refusedCall,
} from "../provider-failure.ts";
import { retryAfterMs } from "../refusals/retry-after.ts";
import { readUniformError } from "../refusals/uniform-error.ts";

/** Converts the SDK's error to a `BackendError`. */
export function openAIFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof APIConnectionError) return lostConnection(error.cause ?? error, target);
  if (error instanceof APIError) {
    return refusedCall(readUniformError(error.error, error.status), target);
  }
  if (isConnectionError(error)) return lostConnection(error, target);
  return incompleteReply(target, error instanceof Error ? error.message : String(error));
}

/** An error event of a running stream. */
export const openAIRefusal = (
  { code, words }: { readonly code?: string | null | undefined; readonly words: string },
  target: CallTarget,
): BackendError =>
  refusedCall(
    {
      words,
      codes: code ? [code] : [],
      retryAfterMs: retryAfterMs(undefined, { words, parts: [] }),
    },
    target,
  );
