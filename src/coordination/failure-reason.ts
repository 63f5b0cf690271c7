import { z } from "zod";

/** Classes of failure of a model call; `backends/resilience` decides which of them are retried. */
export const FailureClass = z.enum([
  "rate_limit",
  "overloaded",
  "auth",
  "context",
  "bad_request",
  "timeout",
  "network",
  "incomplete",
  "refused",
  "no_call",
  "no_room",
]);
export type FailureClass = z.infer<typeof FailureClass>;

/** What people are told in place of the provider's words, where the class says too little. Decides nothing. */
export const FailureReason = z.enum([
  "key",
  "key_missing",
  "permission",
  "credit",
  "quota",
  "region",
  "moderated",
  "blocked",
  "api_disabled",
  "model",
  "address",
  "proxy",
  "tls",
  "dns",
  "unreachable",
  "empty",
  "time_limit",
  "room_wait",
  "rate_limit_wait",
  "declined_by_model",
  "declined_by_filter",
  "program_missing",
  "program_failed",
  "not_logged_in",
]);
export type FailureReason = z.infer<typeof FailureReason>;
