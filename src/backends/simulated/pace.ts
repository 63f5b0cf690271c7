import type { Clock } from "../../clock.ts";
import { sleep } from "../../timers.ts";
import type { BackendEvent } from "../backend.ts";
import type { Reply } from "./compose.ts";

export interface Pace {
  readonly clock: Clock;
  readonly random: () => number;
  /** Slowness relative to a realistic model; 0 is immediate. */
  readonly factor: number;
  readonly signal: AbortSignal;
}

const LEAST_MS = 1000;
const SPREAD_MS = 3000;
/** The variation of the time before the first word. */
const THINKING_SHARE = 0.35;
const MOST_PIECES = 24;
const LEAST_WORDS = 3;

function piecesOf(text: string): readonly string[] {
  const words = text.trimEnd().split(/(?<=\S)(?=\s)/);
  const size = Math.max(LEAST_WORDS, Math.ceil(words.length / MOST_PIECES));
  return Array.from({ length: Math.ceil(words.length / size) }, (_, i) =>
    words.slice(i * size, (i + 1) * size).join(""),
  );
}

/** Streams the reply like a model: some thinking, then piece by piece, 1–4 s in total. */
export async function* stream(reply: Reply, pace: Pace): AsyncGenerator<BackendEvent> {
  const { clock, signal, random, factor } = pace;
  const totalMs = (LEAST_MS + random() * SPREAD_MS) * factor;
  const wait = async (ms: number) => {
    signal.throwIfAborted();
    if (ms > 0) await sleep(clock, ms, signal);
  };
  yield { type: "alive" };
  await wait(totalMs * THINKING_SHARE);
  if (reply.type === "call") {
    await wait(totalMs * (1 - THINKING_SHARE));
    yield { type: "tool_call", name: reply.name, arguments: reply.arguments };
    return;
  }
  const pieces = piecesOf(reply.text);
  for (const piece of pieces) {
    yield { type: "text", text: piece };
    await wait((totalMs * (1 - THINKING_SHARE)) / pieces.length);
  }
}
