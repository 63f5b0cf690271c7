import { z } from "zod";

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
]);
export type FailureReason = z.infer<typeof FailureReason>;
