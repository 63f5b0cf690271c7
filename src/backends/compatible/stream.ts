import type { BackendEvent } from "../backend.ts";
import { type Chunk, readChunk } from "./chunk.ts";
import { openAIRefusal } from "../openai-sdk/failure.ts";
import type { CallTarget } from "../provider-failure.ts";
import { END } from "../read-reply.ts";
import { type CallCollector, createCallCollector } from "../reply/call-collector.ts";
import { endReply, type Ending } from "../reply/ending.ts";
import { createGrowingText, type GrowingText } from "../reply/growing-text.ts";
import { orAlive, type ReplyReader, shown } from "../reply/reply-reader.ts";

/** The reply so far. */
interface Reading {
  readonly text: GrowingText;
  readonly thinking: GrowingText;
  readonly calls: CallCollector;
  finish: string;
  refused: boolean;
  isMarked: boolean;
  usage: Chunk["usage"];
}

/** Converts a Chat Completions stream, or a whole completion, to events. */
export function createCompatibleReader(target: CallTarget): ReplyReader {
  const reading: Reading = {
    text: createGrowingText(),
    thinking: createGrowingText(),
    calls: createCallCollector(),
    finish: "",
    refused: false,
    isMarked: false,
    usage: null,
  };
  return {
    take(sent) {
      reading.isMarked ||= sent.event === END;
      return orAlive(take(readChunk(sent.value), reading));
    },
    isOver: () => false,
    *end() {
      yield* shown("thinking", reading.thinking.flush());
      yield* shown("text", reading.text.flush());
      yield* endReply(endingOf(reading, target), target);
    },
  };
}

function take(chunk: Chunk, reading: Reading): readonly BackendEvent[] {
  reading.usage = chunk.usage ?? reading.usage;
  reading.finish = chunk.finish || reading.finish;
  reading.refused ||= chunk.refusal !== "";
  for (const call of chunk.calls) reading.calls.add(call);
  const { text, thinking } = reading;
  const grow = (grown: GrowingText, words: string) =>
    chunk.isWhole ? grown.complete(words) : grown.add(words);
  const written = chunk.isWhole ? "" : chunk.calls.map((call) => call.arguments).join("");
  return [
    // Some servers report usage during the stream.
    ...(chunk.usage && chunk.finish === "" ? [{ type: "alive", usage: chunk.usage } as const] : []),
    ...shown("thinking", grow(thinking, chunk.thinking)),
    ...shown("text", grow(text, chunk.text)),
    ...(written === "" ? [] : [{ type: "alive", written } as const]),
  ];
}

/** Finish reasons of Chat Completions and of the APIs behind its gateways. Any other one that a server sends means that the model was done. */
const FINISH: readonly (readonly [RegExp, "length" | "refusal" | "error"])[] = [
  [/^(?:length|max_.*tokens|model_length|model_context_window_exceeded|incomplete)$/i, "length"],
  [
    /filter|^(?:safety|sensitive|blocked|blocklist|prohibited_content|recitation|spii|refusal)$/i,
    "refusal",
  ],
  [/^(?:error|network_error|insufficient_system_resource|abort|aborted)$/i, "error"],
];

function endingOf(reading: Reading, target: CallTarget): Ending {
  const { text, calls, usage, isMarked, finish, refused } = reading;
  const known = FINISH.find(([pattern]) => pattern.test(finish))?.[1] ?? "stop";
  // OpenRouter, Z.AI, DeepSeek: the model's server failed during the answer.
  if (known === "error") throw openAIRefusal({ words: "the answer broke off" }, target);
  const ending = { isMarked, said: text.all, calls, usage };
  if (refused) return { ...ending, finish: "refusal", declinedBy: "model" };
  if (known === "refusal") {
    return { ...ending, finish: known, declinedBy: finish === "refusal" ? "model" : "filter" };
  }
  return { ...ending, finish: finish === "" ? null : known };
}
