import type { BackendError, BackendEvent } from "../backend.ts";
import { type Ended, type OpenAIEvent, readEvents } from "./event.ts";
import { openAIRefusal } from "../openai-sdk/failure.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import { END } from "../read-reply.ts";
import { type CallCollector, createCallCollector } from "../reply/call-collector.ts";
import { endReply, type Ending } from "../reply/ending.ts";
import { orAlive, type ReplyReader, shown } from "../reply/reply-reader.ts";
import { createTextSlots, type TextSlots } from "../reply/text-slots.ts";

/** The reply so far. */
interface Reading {
  readonly text: TextSlots;
  readonly thinking: TextSlots;
  readonly calls: CallCollector;
  /** Output items with commentary, which are not the answer. */
  readonly commentary: Set<string>;
  refused: boolean;
  isMarked: boolean;
  ended: Ended | null;
}

/** Converts a Responses stream, or a whole response, to events. */
export function createOpenAIReader(target: CallTarget): ReplyReader {
  const reading: Reading = {
    text: createTextSlots(),
    thinking: createTextSlots(),
    calls: createCallCollector(),
    commentary: new Set(),
    refused: false,
    isMarked: false,
    ended: null,
  };
  return {
    take(sent) {
      reading.isMarked ||= sent.event === END;
      return orAlive(readEvents(sent).flatMap((event) => take(event, reading)));
    },
    isOver: () => reading.ended !== null,
    *end() {
      yield* shown("thinking", reading.thinking.flush());
      yield* shown("text", reading.text.flush());
      yield* endReply(endingOf(reading, target), target);
    },
  };
}

function take(event: OpenAIEvent, reading: Reading): readonly BackendEvent[] {
  switch (event.type) {
    case "text":
    case "thinking":
      return grow(event, reading);
    case "call":
      reading.calls.add(event.piece);
      return event.piece.isWhole ? [] : [{ type: "alive", written: event.piece.arguments }];
    case "commentary":
      reading.commentary.add(event.item);
      return [];
    case "refusal":
      reading.refused = true;
      return [];
    case "ended":
      reading.ended = event.how;
      return [];
  }
}

type Words = Extract<OpenAIEvent, { words: string }>;

function grow({ type, slot, words, whole }: Words, reading: Reading): readonly BackendEvent[] {
  const isCommentary =
    reading.commentary.size > 0 && reading.commentary.has(slot.replace(/:.*/, ""));
  const kind = isCommentary ? "thinking" : type;
  const slots = kind === "text" ? reading.text : reading.thinking;
  return shown(kind, whole ? slots.complete(slot, words) : slots.add(slot, words));
}

function endingOf(reading: Reading, target: CallTarget): Ending {
  const { text, calls, isMarked, refused, ended } = reading;
  const ending = { isMarked, said: text.all(), calls, usage: ended?.usage ?? null };
  if (ended?.status === "failed") throw failed(ended, target);
  if (refused) return { ...ending, finish: "refusal", declinedBy: "model" };
  if (ended?.status === "incomplete") return { ...ending, ...cut(ended, ending, target) };
  return { ...ending, finish: ended ? "stop" : null };
}

function failed({ error }: Ended, target: CallTarget): BackendError {
  const words = error?.message || "the response failed";
  return openAIRefusal({ code: error?.code, words }, target);
}

function cut(
  { reason }: Ended,
  { said, calls }: Pick<Ending, "said" | "calls">,
  target: CallTarget,
): Pick<Ending, "finish" | "declinedBy"> {
  if (/filter|safety/i.test(reason)) return { finish: "refusal", declinedBy: "filter" };
  if (said !== "" || calls.has) return { finish: "length" };
  throw incompleteReply(target, `nothing came before its end (${reason || "no reason given"})`);
}
