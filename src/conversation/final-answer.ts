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

/**
 * The text of one final answer: the ledger's original while the platform still shows it unaltered, else what the platform shows: the
 * attached `answer.md`, or its parts joined again. `parts` are the messages of one turn's final.
 */
export async function finalText(
  parts: readonly ThreadMessage[],
  original: OriginalAnswer | undefined,
  signal: AbortSignal,
): Promise<string> {
  const texts = inChunkOrder(parts).map((part) => part.text);
  if (original && unaltered(original.parts, texts)) return original.text;
  return (await attachedAnswer(parts, signal)) ?? joinParts(texts);
}

/** A part that was posted twice, because its first post looked lost, counts once. */
function inChunkOrder(parts: readonly ThreadMessage[]): readonly ThreadMessage[] {
  const chunk = (part: ThreadMessage) => part.mark?.chunk ?? 0;
  const byChunk = new Map(parts.toReversed().map((part) => [chunk(part), part]));
  return [...byChunk.values()].toSorted((a, b) => chunk(a) - chunk(b));
}

function unaltered(posted: readonly string[], shown: readonly string[]): boolean {
  return (
    posted.length === shown.length &&
    posted.every((text, i) => lettersOf(text) === lettersOf(shown[i] ?? ""))
  );
}

// Platforms restyle Markdown on its way out and back; letters and digits survive.
const lettersOf = (text: string): string =>
  text.normalize("NFKC").replace(/[^\p{Letter}\p{Number}]+/gu, "");

async function attachedAnswer(
  parts: readonly ThreadMessage[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const file = parts.flatMap((part) => part.files).find(({ name }) => name === WHOLE_ANSWER);
  if (!file) return undefined;
  try {
    return new TextDecoder().decode(await file.load(signal)).trim() || undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
