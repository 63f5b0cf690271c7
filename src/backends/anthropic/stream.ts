import { type AnthropicEvent, parseAnthropicEvent, type Usage } from "./event.ts";
import { type BackendEvent, BackendError, type TokenUsage } from "../backend.ts";
import { type CallTarget, emptyReply, incompleteReply } from "../provider-failure.ts";
import { readReply } from "../read-reply.ts";

type EventOf<Type extends AnthropicEvent["type"]> = Extract<AnthropicEvent, { type: Type }>;
type Stop = EventOf<"message_delta">["delta"];

/** Stop reasons with a special meaning. A paused turn would need more searches than one call may make. */
const FINISH: Readonly<Record<string, "length" | "refusal">> = {
  max_tokens: "length",
  pause_turn: "length",
  refusal: "refusal",
};

interface Reading {
  usage: Usage;
  /** Calls with incomplete arguments, by block. */
  readonly calls: Map<number, { name: string; json: string; input: unknown }>;
  /** True after any text or call. */
  came: boolean;
  called: boolean;
  stop: Stop | null;
}

/** Reads the reply of `POST /v1/messages` to its end. Throws `BackendError`, or what the connection throws. */
export async function* readAnthropicStream(
  response: Response,
  target: CallTarget,
): AsyncGenerator<BackendEvent> {
  const reading: Reading = { usage: {}, calls: new Map(), came: false, called: false, stop: null };
  // Read the raw response, because the SDK's reader drops pings and ends silently on an abort.
  read: for await (const batch of readReply(response, target)) {
    for (const sent of batch) {
      const event = parseAnthropicEvent(sent);
      yield event ? take(event, reading) : { type: "alive" };
      if (event?.type === "message_stop") break read;
    }
  }
  yield finish(reading, target);
}

function take(event: AnthropicEvent, reading: Reading): BackendEvent {
  switch (event.type) {
    case "content_block_start":
      return startBlock(event, reading);
    case "content_block_delta":
      return takeDelta(event, reading);
    case "content_block_stop":
      return endBlock(event, reading);
    case "message_start":
      return takeUsage(event.message.usage, reading);
    case "message_delta":
      if (event.delta.stop_reason) reading.stop = event.delta;
      return takeUsage(event.usage, reading);
    case "message_stop":
      return { type: "alive" };
  }
}

function startBlock(
  { index, content_block: block }: EventOf<"content_block_start">,
  reading: Reading,
): BackendEvent {
  if (block.type === "tool_use" && block.name !== undefined) {
    reading.calls.set(index, { name: block.name, json: "", input: block.input });
  }
  return block.type === "text" && block.text ? takeText(block.text, reading) : { type: "alive" };
}

function takeDelta(
  { index, delta }: EventOf<"content_block_delta">,
  reading: Reading,
): BackendEvent {
  if (delta.text) return takeText(delta.text, reading);
  if (delta.thinking) return { type: "thinking", text: delta.thinking };
  const call = reading.calls.get(index);
  if (!call || !delta.partial_json) return { type: "alive" };
  call.json += delta.partial_json;
  return { type: "alive", written: delta.partial_json };
}

function takeText(text: string, reading: Reading): BackendEvent {
  reading.came = true;
  return { type: "text", text };
}

function endBlock({ index }: EventOf<"content_block_stop">, reading: Reading): BackendEvent {
  const call = reading.calls.get(index);
  if (!call) return { type: "alive" };
  reading.calls.delete(index);
  reading.came = true;
  reading.called = true;
  // Gateways that do not stream arguments send them at the start of the block.
  const text = call.json || JSON.stringify(call.input ?? {});
  return { type: "tool_call", name: call.name, arguments: text };
}

/** Later counts, if present, are totals. */
function takeUsage(usage: Usage | null | undefined, reading: Reading): BackendEvent {
  reading.usage = { ...reading.usage, ...given(usage ?? {}) };
  const counted = usageOf(reading.usage);
  return counted ? { type: "alive", usage: counted } : { type: "alive" };
}

const given = (usage: Usage): Usage =>
  Object.fromEntries(Object.entries(usage).filter(([, tokens]) => typeof tokens === "number"));

function finish({ stop, usage, came, called }: Reading, target: CallTarget): BackendEvent {
  const reason = stop?.stop_reason;
  if (!reason) throw incompleteReply(target, "the stream ended before the message did");
  if (reason === "model_context_window_exceeded") {
    throw new BackendError("context", `The prompt and answer are too long for ${target.model}.`);
  }
  const end = FINISH[reason] ?? (called ? "tool" : "stop");
  const error = came ? null : emptyReply(end, wordsOf(stop), target);
  if (error) throw error;
  return { type: "done", finish: end, usage: usageOf(usage) };
}

const wordsOf = ({ stop_details: details, stop_reason: reason }: Stop): string =>
  details?.explanation ?? details?.category ?? reason ?? "";

/** Anthropic reports cached tokens separately from `input_tokens`. */
function usageOf(usage: Usage): TokenUsage | null {
  if (Object.keys(usage).length === 0) return null;
  const cached = usage.cache_read_input_tokens ?? 0;
  const cacheWritten = usage.cache_creation_input_tokens ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cached + cacheWritten,
    cached,
    cacheWritten,
    output: usage.output_tokens ?? 0,
  };
}
