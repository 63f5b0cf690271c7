import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { z } from "zod";
import type { BackendError } from "../backend.ts";
import {
  brokenCall,
  type CallTarget,
  isConnectionError,
  lostConnection,
  refusedCall,
} from "../provider-failure.ts";
import { readUniformError } from "../refusals/uniform-error.ts";

const Body = z.object({ error: z.unknown() });

/** Converts the SDK's error to a `BackendError`. */
export function anthropicFailure(error: unknown, target: CallTarget): BackendError {
  if (error instanceof APIConnectionError) return lostConnection(error.cause ?? error, target);
  if (error instanceof APIError) {
    const body = Body.safeParse(error.error).data;
    return refusedCall(readUniformError(body?.error, error.status), target);
  }
  if (isConnectionError(error)) return lostConnection(error, target);
  return brokenCall(error, target);
}
