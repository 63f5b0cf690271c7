import type { TurnId } from "../ids.ts";
import type { ThreadMessage } from "../platform.ts";
import { joinParts } from "./join-parts.ts";

/** A final answer as the delivery ledger has it. */
export interface OriginalAnswer {
  /** The whole answer, Markdown, footer not included. */
  readonly text: string;
  /** The Markdown of each message posted for it, in order. */
  readonly parts: readonly string[];
}

/** Looks final answers up in the delivery ledger; turns it does not know are absent. May reject: answers are then rebuilt from the platform. */
export type FindOriginals = (
  turns: readonly TurnId[],
) => Promise<ReadonlyMap<TurnId, OriginalAnswer>>;

/** Under this name delivery attaches the whole of an answer that is too long for messages. */
const WHOLE_ANSWER = "answer.md";

/** One message of a final answer. */
export interface FinalPart {
  readonly message: ThreadMessage;
  readonly turn: TurnId;
  readonly chunk: number;
}

/** The message as a part of a final answer; empty if it is none. A mark counts on Parley's own messages only. */
export function finalPart(message: ThreadMessage): readonly FinalPart[] {
  const { author, mark } = message;
  if (author.kind !== "self" || mark?.kind !== "final") return [];
  return [{ message, turn: mark.turn, chunk: mark.chunk }];
}

/**
 * The text of one final answer: the ledger's original while the platform still shows it unaltered, else what the platform shows: the
 * attached `answer.md`, or its parts joined again.
 */
export async function finalText(
  parts: readonly FinalPart[],
  original: OriginalAnswer | undefined,
  signal: AbortSignal,
): Promise<string> {
  const texts = inChunkOrder(parts).map(({ message }) => message.text);
  if (original && lettersOf(original.parts) === lettersOf(texts)) return original.text;
  return (await attachedAnswer(parts, signal)) ?? joinParts(texts);
}

/** A part that was posted twice, because its first post looked lost, counts once. */
function inChunkOrder(parts: readonly FinalPart[]): readonly FinalPart[] {
  const byChunk = new Map(parts.toReversed().map((part) => [part.chunk, part]));
  return [...byChunk.values()].toSorted((a, b) => a.chunk - b.chunk);
}

// Platforms restyle Markdown on its way out and back; letters and digits survive.
const lettersOf = (parts: readonly string[]): string =>
  parts.map((part) => part.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "")).join("\n");

async function attachedAnswer(
  parts: readonly FinalPart[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const file = parts
    .flatMap(({ message }) => message.files)
    .find(({ name }) => name === WHOLE_ANSWER);
  if (!file) return undefined;
  try {
    return new TextDecoder().decode(await file.load(signal)).trim() || undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
