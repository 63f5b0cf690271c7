import { createAnthropicReader } from "../anthropic/stream.ts";
import type { BackendEvent, TokenUsage } from "../backend.ts";
import { MOVE_SERVER, type MoveCall } from "../cli/move-tools/move-call.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import type { ReplyReader } from "../reply/reply-reader.ts";
import { isObject, textOf } from "../reply/tolerant.ts";
import { turnFailure } from "./failure.ts";
import type { Told } from "./wire.ts";

/** Reads the turn of a move. Its functions throw a `BackendError` if the turn failed. */
export interface TurnReader {
  take(told: Told): readonly BackendEvent[];
  /** A call reached Parley by itself. */
  called(call: MoveCall): void;
  /** The reply is complete: the rest of the turn is of no use. */
  isOver(): boolean;
  /** The last events. Call once. */
  end(): Iterable<BackendEvent>;
}

const ALIVE: readonly BackendEvent[] = [{ type: "alive" }];
const PREFIX = `mcp__${MOVE_SERVER}__`;

interface Reading {
  readonly target: CallTarget;
  /** The agent has tools of its own, after which it goes on. */
  readonly hasTools: boolean;
  /** Of the last message; null before the first. */
  message: ReplyReader | null;
  isComplete: boolean;
  /** The last message calls a tool of the move. */
  callsMove: boolean;
  callsOther: boolean;
  hasText: boolean;
  /** Of the messages before the last one. */
  spent: TokenUsage | null;
  /** Of the last message. */
  usage: TokenUsage | null;
  /** Whole blocks of the last message, for versions that stream nothing. */
  blocks: { id: string; content: unknown[] };
  call: MoveCall | null;
  isOver: boolean;
}

/**
 * The CLI asks the model again by itself after a cut, a refusal or a call. Only the last message is the answer, and a message that stopped for one
 * of these reasons is the last one: whoever reads cancels the turn then, so that there is no second call.
 */
export function createTurnReader(target: CallTarget, hasTools: boolean): TurnReader {
  const reading: Reading = {
    target,
    hasTools,
    message: null,
    isComplete: false,
    callsMove: false,
    callsOther: false,
    hasText: false,
    spent: null,
    usage: null,
    blocks: { id: "", content: [] },
    call: null,
    isOver: false,
  };
  return {
    take(told) {
      if (told.type === "api") return takeEvent(told.event, reading);
      if (told.type === "blocks") keepBlocks(told, reading);
      if (told.type === "result") return takeResult(told, reading);
      if (told.type === "again" && reading.message && !reading.isComplete) {
        throw incompleteReply(target, "the stream ended before the answer did");
      }
      return ALIVE;
    },
    called: (call) => void (reading.call ??= call),
    isOver: () => reading.isOver,
    end: () => endTurn(reading),
  };
}

function takeEvent(
  event: Readonly<Record<string, unknown>>,
  reading: Reading,
): readonly BackendEvent[] {
  const begun = event["type"] === "message_start" ? startMessage(reading) : [];
  // The CLI sends this end for messages that broke off, too.
  if (!reading.message || event["type"] === "message_stop") return ALIVE;
  noteCall(event, reading);
  const events = reading.message.take({ event: null, value: event });
  for (const one of events) note(one, reading);
  if (hasStopped(event)) {
    reading.isComplete = true;
    reading.isOver = !(reading.hasTools && reading.callsOther && !reading.callsMove);
  }
  return [...begun, ...events.map((one) => withSpent(one, reading.spent))];
}

function note(event: BackendEvent, reading: Reading): void {
  if (event.type === "alive" && event.usage) reading.usage = event.usage;
  if (event.type === "text") reading.hasText = true;
}

/** A further message replaces the one before. */
function startMessage(reading: Reading): readonly BackendEvent[] {
  const { hasText } = reading;
  if (reading.message) reading.spent = sum(reading.spent, reading.usage);
  reading.message = createAnthropicReader(reading.target);
  reading.usage = null;
  reading.isComplete = false;
  reading.callsMove = false;
  reading.callsOther = false;
  reading.hasText = false;
  return hasText ? [{ type: "retracted" }] : [];
}

function noteCall({ type, content_block: block }: Record<string, unknown>, reading: Reading): void {
  if (type !== "content_block_start" || !isObject(block) || block["type"] !== "tool_use") return;
  if (textOf(block["name"]).startsWith(PREFIX)) reading.callsMove = true;
  else reading.callsOther = true;
}

const hasStopped = ({ type, delta }: Readonly<Record<string, unknown>>): boolean =>
  type === "message_delta" && isObject(delta) && typeof delta["stop_reason"] === "string";

function keepBlocks({ id, content }: Extract<Told, { type: "blocks" }>, { blocks }: Reading): void {
  if (blocks.id !== id) blocks.content = [];
  blocks.id = id;
  blocks.content.push(...content);
}

function takeResult(
  { result }: Extract<Told, { type: "result" }>,
  reading: Reading,
): readonly BackendEvent[] {
  reading.isOver = true;
  // What arrived counts, however the turn ended.
  if (reading.call || reading.isComplete) return ALIVE;
  if (result.is_error || reading.message || reading.blocks.content.length === 0) {
    throw turnFailure(result, reading.target);
  }
  const { content } = reading.blocks;
  reading.message = createAnthropicReader(reading.target);
  reading.isComplete = true;
  const { stop_reason, usage } = result;
  const value = { type: "message", content, usage, stop_reason: stop_reason || "end_turn" };
  return reading.message.take({ event: null, value });
}

function* endTurn(reading: Reading): Iterable<BackendEvent> {
  const { message, call, spent, usage } = reading;
  if (message && reading.isComplete) {
    for (const event of message.end()) yield withSpent(withPlainName(event), spent);
  } else if (call) {
    yield { type: "tool_call", ...call };
    yield { type: "done", finish: "tool", usage: sum(spent, usage) };
  }
}

const withPlainName = (event: BackendEvent): BackendEvent =>
  event.type === "tool_call" && event.name.startsWith(PREFIX)
    ? { ...event, name: event.name.slice(PREFIX.length) }
    : event;

function withSpent(event: BackendEvent, spent: TokenUsage | null): BackendEvent {
  if (!spent || !("usage" in event) || !event.usage || event.type === "probed") return event;
  return { ...event, usage: sum(spent, event.usage) ?? event.usage };
}

function sum(a: TokenUsage | null, b: TokenUsage | null): TokenUsage | null {
  if (!a || !b) return a ?? b;
  return {
    input: a.input + b.input,
    cached: a.cached + b.cached,
    cacheWritten: a.cacheWritten + b.cacheWritten,
    output: a.output + b.output,
  };
}
