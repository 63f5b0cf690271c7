import type { BackendError, BackendEvent } from "../backend.ts";
import { type Ended, type OpenAIEvent, readEvents } from "./event.ts";
import { openAIRefusal } from "../openai-sdk/failure.ts";
import { type CallTarget, incompleteReply } from "../provider-failure.ts";
import { END, readReply } from "../read-reply.ts";
import { type CallCollector, createCallCollector } from "../reply/call-collector.ts";
import { endReply, type Ending } from "../reply/ending.ts";
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

/** Converts a Responses stream, or a whole response, to events. Throws a `BackendError` if it fails or breaks off. */
export async function* readOpenAIStream(
  response: Response,
  target: CallTarget,
): AsyncGenerator<BackendEvent> {
  const reading: Reading = {
    text: createTextSlots(),
    thinking: createTextSlots(),
    calls: createCallCollector(),
    commentary: new Set(),
    refused: false,
    isMarked: false,
    ended: null,
  };
  read: for await (const batch of readReply(response, target)) {
    for (const sent of batch) {
      reading.isMarked ||= sent.event === END;
      const events = readEvents(sent).flatMap((event) => take(event, reading));
      if (events.length === 0) yield { type: "alive" };
      for (const event of events) yield event;
      if (reading.ended) break read;
    }
  }
  yield* shown("thinking", reading.thinking.flush());
  yield* shown("text", reading.text.flush());
  yield* endReply(endingOf(reading, target), target);
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
  const kind = reading.commentary.has(slot.replace(/:.*/, "")) ? "thinking" : type;
  const slots = kind === "text" ? reading.text : reading.thinking;
  return shown(kind, whole ? slots.complete(slot, words) : slots.add(slot, words));
}

const shown = (type: "text" | "thinking", text: string): readonly BackendEvent[] =>
  text === "" ? [] : [{ type, text }];

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
