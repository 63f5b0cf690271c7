import { z } from "zod";
import type { Sent } from "../read-reply.ts";
import { anything, indexOf, isObject, list, maybeCount, text, textOf } from "../reply/tolerant.ts";

const Usage = z.looseObject({
  input_tokens: maybeCount.optional(),
  cache_read_input_tokens: maybeCount.optional(),
  cache_creation_input_tokens: maybeCount.optional(),
  /** The writes by how long they are kept. */
  cache_creation: z
    .looseObject({ ephemeral_1h_input_tokens: maybeCount.optional() })
    .optional()
    .catch(undefined),
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

/** A piece of a block. */
interface Delta {
  readonly text: string;
  readonly thinking: string;
  readonly partial_json: unknown;
}

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
      readonly delta: Delta;
    }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "stop"; readonly stop: Stop }
  | { readonly type: "ended" };

/** What the server sent, in order. A message that is sent whole tells everything. */
export function readEvents({ event, value }: Sent): readonly AnthropicEvent[] {
  if (!isObject(value)) return [];
  // Some omit the type if the event's name shows it.
  return READERS[textOf(value["type"]) || (event ?? "")]?.(value) ?? [];
}

/** An event as it came. Each reader parses what it needs: most events are pieces of a text. */
type Event = Readonly<Record<string, unknown>>;
type Reader = (event: Event) => readonly AnthropicEvent[];

const READERS: Readonly<Record<string, Reader>> = {
  message: (event) => [
    ...blocksOf(event["content"]),
    ...usageOf(event["usage"]),
    { type: "stop", stop: Stop.parse(event) },
    { type: "ended" },
  ],
  message_start: ({ message }) =>
    isObject(message) ? [...blocksOf(message["content"]), ...usageOf(message["usage"])] : [],
  content_block_start(event) {
    const block = Block.safeParse(event["content_block"]).data;
    return block ? [{ type: "block", index: indexOf(event["index"]), block }] : [];
  },
  content_block_delta: ({ index: at, delta }) =>
    isObject(delta) ? [{ type: "delta", index: indexOf(at), delta: deltaOf(delta) }] : [],
  message_delta: (event) => [...stopOf(event), ...usageOf(event["usage"])],
  message_stop: (event) => [...stopOf(event), { type: "ended" }],
};

const deltaOf = ({ text: words, thinking, partial_json }: Event): Delta => ({
  text: textOf(words),
  thinking: textOf(thinking),
  partial_json,
});

const blocksOf = (content: unknown): AnthropicEvent[] =>
  (typeof content === "string"
    ? [{ type: "text", text: content }]
    : list(Block).parse(content)
  ).map((block, at) => ({ type: "block", index: at, block: Block.parse(block), whole: true }));

function usageOf(value: unknown): AnthropicEvent[] {
  const usage = Usage.safeParse(value).data;
  return usage ? [{ type: "usage", usage }] : [];
}

function stopOf({ delta, stop_reason }: Event): AnthropicEvent[] {
  const stop = Stop.parse(isObject(delta) ? delta : {});
  const reason = stop.stop_reason || textOf(stop_reason);
  return reason === "" ? [] : [{ type: "stop", stop: { ...stop, stop_reason: reason } }];
}
