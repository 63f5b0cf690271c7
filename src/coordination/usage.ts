import { z } from "zod";

/** Tokens of one or more model calls. `input` is the whole prompt, cached part included; `output` includes reasoning. */
export const Usage = z.object({
  input: z.number(),
  cached: z.number(),
  output: z.number(),
  cacheWritten: z
    .number()
    .optional()
    .describe(
      "The part of `input` that was written to the provider's cache; absent: none, or not reported.",
    ),
  cacheWrittenLong: z
    .number()
    .optional()
    .describe("The part of `cacheWritten` that is kept for an hour or longer; absent: none."),
  otherLifeCostUsd: z
    .number()
    .optional()
    .describe(
      "US dollars that the calls would have cost with the other life of the cache; absent: the same.",
    ),
  costUsd: z.number().nullable().describe("US dollars; null: the price is unknown."),
  firstTokenMs: z
    .number()
    .nullable()
    .describe("Milliseconds from the request to the first token; null: none came."),
  estimated: z
    .number()
    .optional()
    .describe(
      "The part of `input` and `output` that Parley estimated, because the provider did not report it; absent: none.",
    ),
  queuedMs: z
    .number()
    .optional()
    .describe(
      "Milliseconds that calls waited for their account's rate limit; absent: not measured.",
    ),
  modelMs: z
    .number()
    .optional()
    .describe("Milliseconds that calls took at the provider; absent: not measured."),
});
export type Usage = z.infer<typeof Usage>;

/** What a move is expected to use at most: its prompt plus the output reserved for it. */
export const Estimate = z.object({
  tokens: z.number(),
  costUsd: z.number().nullable(),
  prompt: z
    .object({ tokens: z.number(), costUsd: z.number().nullable() })
    .optional()
    .describe(
      "The prompt alone: the cost of a call that was aborted before its first token. Absent in old journals.",
    ),
});
export type Estimate = z.infer<typeof Estimate>;
