import { type AnthropicEvent, type Block, readEvents, type Stop, type Usage } from "./event.ts";
import { type BackendEvent, BackendError, type TokenUsage } from "../backend.ts";
import { type CallTarget, emptyReply } from "../provider-failure.ts";
import { END } from "../read-reply.ts";
import {
  type CallCollector,
  type CallPiece,
  createCallCollector,
} from "../reply/call-collector.ts";
import { endReply } from "../reply/ending.ts";
import { orAlive, type ReplyReader, shown } from "../reply/reply-reader.ts";
import { createTextSlots, type TextSlots } from "../reply/text-slots.ts";
import { argumentsOf } from "../reply/tolerant.ts";

/** Stop reasons with a special meaning. A paused turn would need more searches than one call may make. */
const FINISH: Readonly<Record<string, "length" | "refusal">> = {
  max_tokens: "length",
  length: "length",
  pause_turn: "length",
  refusal: "refusal",
  content_filter: "refusal",
};

interface Reading {
  readonly text: TextSlots;
  readonly thinking: TextSlots;
  readonly calls: CallCollector;
  /** Calls as their blocks began. */
  readonly inputs: CallPiece[];
  /** The block that the last start or delta was about. */
  last: number;
  /** Blocks that are nothing to Parley, such as the provider's own searches. */
  readonly ignored: Set<number>;
  usage: Usage;
  stop: Stop | null;
  /** The server marked the end of the message, or only that of the stream, as some gateways do. */
  isMarked: boolean;
  isOver: boolean;
}

/** Converts the reply of `POST /v1/messages`, a stream or a whole message, to events. */
export function createAnthropicReader(target: CallTarget): ReplyReader {
  const reading: Reading = {
    text: createTextSlots(),
    thinking: createTextSlots(),
    calls: createCallCollector(),
    inputs: [],
    last: -1,
    ignored: new Set(),
    usage: {},
    stop: null,
    isMarked: false,
    isOver: false,
  };
  return {
    take(sent) {
      reading.isMarked ||= sent.event === END;
      return orAlive(readEvents(sent).flatMap((event) => take(event, reading)));
    },
    isOver: () => reading.isOver,
    *end() {
      yield* shown("thinking", reading.thinking.flush());
      yield* shown("text", reading.text.flush());
      for (const input of reading.inputs) reading.calls.add(input);
      yield* finish(reading, target);
    },
  };
}

function take(event: AnthropicEvent, reading: Reading): readonly BackendEvent[] {
  switch (event.type) {
    case "block":
      reading.last = event.index ?? reading.last + 1;
      return startBlock(event, reading);
    case "delta":
      reading.last = event.index ?? Math.max(reading.last, 0);
      return takeDelta(event.delta, reading);
    case "usage":
      return takeUsage(event.usage, reading);
    case "stop":
      reading.stop = event.stop;
      return [];
    case "ended":
      reading.isMarked = true;
      reading.isOver = true;
      return [];
  }
}

/** Gateways that do not stream put text, thoughts and arguments into the start of a block. */
function startBlock(
  { block, whole }: Extract<AnthropicEvent, { type: "block" }>,
  reading: Reading,
): readonly BackendEvent[] {
  const slot = String(reading.last);
  if (/^(?:tool_use|tool_call|function_call|function)$/.test(block.type)) {
    return startCall(block, reading);
  }
  const isText = block.type === "text";
  if (!isText && block.type !== "thinking") reading.ignored.add(reading.last);
  const slots = isText ? reading.text : reading.thinking;
  const words = isText ? block.text : block.thinking;
  return shown(
    isText ? "text" : "thinking",
    whole ? slots.complete(slot, words) : slots.add(slot, words),
  );
}

/** Arguments at the start are used only if none follow. */
function startCall(block: Block, { calls, inputs, last }: Reading): readonly BackendEvent[] {
  const written = argumentsOf(block.input);
  const piece = { index: last, id: block.id, name: block.name };
  calls.add({ ...piece, arguments: "" });
  inputs.push({ ...piece, name: "", arguments: written, isWhole: true });
  return [{ type: "alive", written }];
}

type Delta = Extract<AnthropicEvent, { type: "delta" }>["delta"];

function takeDelta(delta: Delta, reading: Reading): readonly BackendEvent[] {
  if (reading.ignored.has(reading.last)) return [];
  const slot = String(reading.last);
  const args = argumentsOf(delta.partial_json);
  if (args !== "") {
    reading.calls.add({ index: reading.last, id: "", name: "", arguments: args });
    return [{ type: "alive", written: args }];
  }
  return [
    ...shown("thinking", reading.thinking.add(slot, delta.thinking)),
    ...shown("text", reading.text.add(slot, delta.text)),
  ];
}

/** Later counts, if present, are totals. */
function takeUsage(usage: Usage, reading: Reading): readonly BackendEvent[] {
  const given = Object.entries(usage).filter(
    ([, tokens]) => tokens !== null && tokens !== undefined,
  );
  reading.usage = { ...reading.usage, ...Object.fromEntries(given) };
  const counted = usageOf(reading.usage);
  return counted ? [{ type: "alive", usage: counted }] : [];
}

function finish(reading: Reading, target: CallTarget): readonly BackendEvent[] {
  const { stop, text, calls, usage, isMarked } = reading;
  const reason = stop?.stop_reason ?? "";
  if (reason === "model_context_window_exceeded") {
    throw new BackendError("context", `The prompt and answer are too long for ${target.model}.`);
  }
  const ending = { isMarked, said: text.all(), calls, usage: usageOf(usage) };
  if (!stop || reason === "") return endReply({ ...ending, finish: null }, target);
  const end = FINISH[reason] ?? "stop";
  const isEmpty = text.all() === "" && !calls.has;
  const error = isEmpty ? emptyReply(end, wordsOf(stop), target) : null;
  if (error) throw error;
  // The provider's classifiers end a reply, not the model.
  return endReply({ ...ending, finish: end, declinedBy: "filter" }, target);
}

const wordsOf = ({ stop_details: details, stop_reason: reason }: Stop): string =>
  details?.explanation ?? details?.category ?? reason;

const longWrites = ({ cache_creation: writes }: Usage): Pick<TokenUsage, "cacheWrittenLong"> =>
  typeof writes?.ephemeral_1h_input_tokens === "number"
    ? { cacheWrittenLong: writes.ephemeral_1h_input_tokens }
    : {};

/** Anthropic reports cached tokens separately from `input_tokens`. */
function usageOf(usage: Usage): TokenUsage | null {
  if (Object.keys(usage).length === 0) return null;
  const cached = usage.cache_read_input_tokens ?? 0;
  const cacheWritten = usage.cache_creation_input_tokens ?? 0;
  return {
    input: (usage.input_tokens ?? 0) + cached + cacheWritten,
    cached,
    cacheWritten,
    ...longWrites(usage),
    output: usage.output_tokens ?? 0,
  };
}
