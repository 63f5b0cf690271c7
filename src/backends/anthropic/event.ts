import { z } from "zod";
import type { Sent } from "../read-reply.ts";
import { anything, index, isObject, list, maybeCount, text } from "../reply/tolerant.ts";

const Usage = z.looseObject({
  input_tokens: maybeCount.optional(),
  cache_read_input_tokens: maybeCount.optional(),
  cache_creation_input_tokens: maybeCount.optional(),
  output_tokens: maybeCount.optional(),
});
export type Usage = z.infer<typeof Usage>;

/** A block of content, whole or at its start. */
const Block = z.looseObject({
  type: text,
  text,
  thinking: text,
  id: text,
  name: text,
  input: anything,
});
export type Block = z.infer<typeof Block>;

const Delta = z.looseObject({ text, thinking: text, partial_json: anything, stop_reason: text });

const Stop = z.looseObject({
  stop_reason: text,
  stop_details: z
    .looseObject({
      category: z.string().nullable().catch(null),
      explanation: z.string().nullable().catch(null),
    })
    .optional()
    .catch(undefined),
});
export type Stop = z.infer<typeof Stop>;

/** A message: whole, or at its start. */
const Message = z.looseObject({ content: anything, usage: Usage.optional().catch(undefined) });

const Body = z.looseObject({
  type: text,
  index,
  message: Message.optional().catch(undefined),
  content_block: Block.optional().catch(undefined),
  delta: Delta.optional().catch(undefined),
  usage: Usage.optional().catch(undefined),
  stop_reason: text,
});
type Body = z.infer<typeof Body>;

/** What one value of the stream tells. `ended`: the message is complete. */
export type AnthropicEvent =
  /** A block at its start; `whole`: all of it, which may have come before. */
  | {
      readonly type: "block";
      readonly index: number | undefined;
      readonly block: Block;
      readonly whole?: true;
    }
  | {
      readonly type: "delta";
      readonly index: number | undefined;
      readonly delta: z.infer<typeof Delta>;
    }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "stop"; readonly stop: Stop }
  | { readonly type: "ended" };

/** What the server sent, in order. A message that is sent whole tells everything. */
export function readEvents({ event, value }: Sent): readonly AnthropicEvent[] {
  if (!isObject(value)) return [];
  const body = { ...Body.parse(value), whole: value };
  // Some omit the type if the event's name shows it.
  return READERS[body.type || (event ?? "")]?.(body) ?? [];
}

/** An event, and the value that it was read from. */
interface Event extends Body {
  readonly whole: Readonly<Record<string, unknown>>;
}
type Reader = (event: Event) => readonly AnthropicEvent[];

const READERS: Readonly<Record<string, Reader>> = {
  message: ({ whole, usage }) => [
    ...blocksOf(whole["content"]),
    ...usageOf(usage),
    { type: "stop", stop: Stop.parse(whole) },
    { type: "ended" },
  ],
  message_start: ({ message }) => [...blocksOf(message?.content), ...usageOf(message?.usage)],
  content_block_start: ({ index: at, content_block: block }) =>
    block ? [{ type: "block", index: at, block }] : [],
  content_block_delta: ({ index: at, delta }) =>
    delta ? [{ type: "delta", index: at, delta }] : [],
  message_delta: (event) => [...stopOf(event), ...usageOf(event.usage)],
  message_stop: (event) => [...stopOf(event), { type: "ended" }],
};

const blocksOf = (content: unknown): AnthropicEvent[] =>
  (typeof content === "string"
    ? [{ type: "text", text: content }]
    : list(Block).parse(content)
  ).map((block, at) => ({ type: "block", index: at, block: Block.parse(block), whole: true }));

const usageOf = (usage: Usage | undefined): AnthropicEvent[] =>
  usage ? [{ type: "usage", usage }] : [];

function stopOf({ whole, stop_reason }: Event): AnthropicEvent[] {
  const delta = whole["delta"];
  const stop = Stop.parse(isObject(delta) ? delta : {});
  const reason = stop.stop_reason || stop_reason;
  return reason === "" ? [] : [{ type: "stop", stop: { ...stop, stop_reason: reason } }];
}
