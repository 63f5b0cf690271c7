import { ApiError } from "@google/genai/web";
import { z } from "zod";
import type { BackendError } from "../backend.ts";
import {
  brokenCall,
  type CallTarget,
  isConnectionError,
  lostConnection,
  refusedCall,
} from "../provider-failure.ts";
import { type ProviderReply, readUniformError } from "../refusals/uniform-error.ts";

const Body = z.object({ error: z.unknown() });

export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404;

/** Converts the SDK's error to a `BackendError`. */
export function geminiFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof ApiError) return refusedCall(replyOf(error), target);
  if (isConnectionError(error)) return lostConnection(error, target);
  return brokenCall(error, target);
}

/** The SDK's message is the JSON body. */
function replyOf({ status, message }: ApiError): ProviderReply {
  return readUniformError(Body.safeParse(json(message)).data?.error, status);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
