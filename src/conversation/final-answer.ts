import type { TurnId } from "../ids.ts";
import type { ThreadMessage } from "../platform.ts";
import { joinParts } from "./join-parts.ts";

/** A final answer from the outbox. */
export interface OriginalAnswer {
  /** The whole answer, Markdown, footer not included. */
  readonly text: string;
  /** The Markdown of each message posted for it, in order. */
  readonly parts: readonly string[];
}

/** Looks up final answers in the outbox; unknown turns are absent. May reject: answers are then rebuilt from the platform. */
export type FindOriginals = (
  turns: readonly TurnId[],
) => Promise<ReadonlyMap<TurnId, OriginalAnswer>>;

/** The file name under which delivery attaches an answer that is too long for messages. */
const WHOLE_ANSWER = "answer.md";

/** One message of a final answer. */
export interface FinalPart {
  readonly message: ThreadMessage;
  readonly turn: TurnId;
  readonly chunk: number;
}

/** The message as a part of a final answer, or an empty list. Marks count only on Parley's own messages. */
export function finalPart(message: ThreadMessage): readonly FinalPart[] {
  const { author, mark } = message;
  if (author.kind !== "self" || mark?.kind !== "final") return [];
  return [{ message, turn: mark.turn, chunk: mark.chunk }];
}

/**
 * The text of a final answer: the outbox's original if the platform shows it unaltered; otherwise the platform's version, which is the
 * attached `answer.md` or the joined parts.
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

/** Drops a duplicate part, posted again because its first post seemed lost. */
function inChunkOrder(parts: readonly FinalPart[]): readonly FinalPart[] {
  const byChunk = new Map(parts.toReversed().map((part) => [part.chunk, part]));
  return [...byChunk.values()].toSorted((a, b) => a.chunk - b.chunk);
}

// Platforms reformat Markdown in both directions; letters and digits survive.
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
