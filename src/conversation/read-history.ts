import type { ConversationId } from "../ids.ts";
import type { Platform, ThreadHistory, ThreadMessage } from "../platform.ts";
import type { MessageCache } from "./message-cache.ts";

export interface HistorySource {
  readonly platform: Pick<Platform, "history">;
  readonly cache: Pick<MessageCache, "upsert" | "remove">;
  /** What the cache knows, read before: what the platform does not show after that is gone. */
  readonly cached: readonly ThreadMessage[];
  readonly conversation: ConversationId;
  readonly signal: AbortSignal;
  /** As `Platform.history` takes it. */
  readonly first?: string | undefined;
  /** The platform failed, and the history is what the cache knows; or the cache did. */
  readonly onProblem?: (problem: unknown) => void;
}

/**
 * Reads a thread through the cache: the platform first; what an incomplete history lacks is filled in from the cache, and the cache learns
 * what the platform showed. Oldest first. Rejects with the signal's reason only.
 */
export async function readHistory(source: HistorySource): Promise<ThreadHistory> {
  const { cached } = source;
  const shown = await fromPlatform(source);
  const ids = new Set(shown.messages.map((message) => message.id));
  const missing = cached.filter((message) => !ids.has(message.id));
  await refresh(source, shown);
  source.signal.throwIfAborted();
  return {
    messages: inOrder(shown.complete ? shown.messages : [...shown.messages, ...missing]),
    complete: shown.complete,
  };
}

/** By time; messages of the same instant stay as the platform has them. A second copy of an id is dropped. */
function inOrder(messages: readonly ThreadMessage[]): readonly ThreadMessage[] {
  const unique = new Map(messages.map((message) => [message.id, message]));
  return [...unique.values()].toSorted((a, b) => a.at - b.at);
}

async function fromPlatform(source: HistorySource): Promise<ThreadHistory> {
  try {
    return await source.platform.history(source.conversation, source.signal, source.first);
  } catch (error) {
    source.signal.throwIfAborted();
    source.onProblem?.(error);
    return { messages: [], complete: false };
  }
}

/** Tells the cache what is new, and what a complete history no longer has: the edits and deletions that no event told us about. */
async function refresh(source: HistorySource, shown: ThreadHistory): Promise<void> {
  const { cached } = source;
  const known = new Map(cached.map((message) => [message.id, message]));
  const ids = new Set(shown.messages.map((message) => message.id));
  const newest = shown.messages.reduce((latest, { at }) => Math.max(latest, at), 0);
  const changed = shown.messages.filter(
    (message) => mayBeRead(message) && differs(known.get(message.id), message),
  );
  // A platform may lag behind its own events by a moment.
  const gone = shown.complete
    ? cached.filter(({ id, at }) => !ids.has(id) && at < newest).map(({ id }) => id)
    : [];
  try {
    if (changed.length > 0) await source.cache.upsert(source.conversation, changed);
    if (gone.length > 0) await source.cache.remove(source.conversation, gone);
  } catch (error) {
    source.onProblem?.(error);
  }
}

/** A status never enters a conversation. */
const mayBeRead = ({ mark }: ThreadMessage): boolean => mark?.kind !== "status";

const differs = (known: ThreadMessage | undefined, shown: ThreadMessage): boolean =>
  known === undefined ||
  known.text !== shown.text ||
  known.author.name !== shown.author.name ||
  known.files.length !== shown.files.length;
