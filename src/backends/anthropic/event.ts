import { z } from "zod";
import type { Sent } from "../read-reply.ts";

const count = z.number().nullish();
const Usage = z.object({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: count,
});
export type Usage = z.infer<typeof Usage>;

/** The relevant events. All others only show that the stream is alive. */
const AnthropicEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message_start"),
    message: z.object({ usage: Usage.nullish() }),
  }),
  z.object({
    type: z.literal("content_block_start"),
    index: z.number(),
    content_block: z.object({
      type: z.string(),
      name: z.string().optional(),
      input: z.unknown(),
      text: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal("content_block_delta"),
    index: z.number(),
    delta: z.object({
      text: z.string().optional(),
      thinking: z.string().optional(),
      partial_json: z.string().optional(),
    }),
  }),
  z.object({ type: z.literal("content_block_stop"), index: z.number() }),
  z.object({
    type: z.literal("message_delta"),
    delta: z.object({
      stop_reason: z.string().nullish(),
      stop_details: z
        .object({ category: z.string().nullish(), explanation: z.string().nullish() })
        .nullish(),
    }),
    usage: Usage.nullish(),
  }),
  z.object({ type: z.literal("message_stop") }),
]);
export type AnthropicEvent = z.infer<typeof AnthropicEvent>;

/** Parses what the server sent; null if it is not relevant. */
export const parseAnthropicEvent = ({ value }: Sent): AnthropicEvent | null =>
  AnthropicEvent.safeParse(value).data ?? null;
