import type { ConversationId } from "../ids.ts";
import type { Platform, ThreadHistory, ThreadMessage } from "../platform.ts";
import type { MessageCache } from "./message-cache.ts";

export interface HistorySource {
  readonly platform: Pick<Platform, "history">;
  readonly cache: Pick<MessageCache, "upsert" | "remove">;
  /** The cached messages, read before the platform's history: any that the platform no longer shows were deleted. */
  readonly cached: readonly ThreadMessage[];
  readonly conversation: ConversationId;
  readonly signal: AbortSignal;
  /** See `Platform.history`. */
  readonly first?: string | undefined;
  /** Called when the platform fails (the history then comes from the cache), or the cache does. */
  readonly onProblem?: (problem: unknown) => void;
}

/** Characters of a thread that the platform can show again whole: more than most prompts hold, in case that it fails. */
const MOST_CACHED = 1_000_000;

/**
 * Reads a thread from the platform, backfills an incomplete history from the cache, and updates the cache. Oldest first. Rejects only with
 * the signal's reason.
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

/** Sorts by time, keeping the platform's order for equal times. Drops duplicate ids. */
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

/** Updates the cache with edits and deletions whose events were missed. Only a complete history shows deletions. */
async function refresh(source: HistorySource, shown: ThreadHistory): Promise<void> {
  const { cached } = source;
  const known = new Map(cached.map((message) => [message.id, message]));
  const ids = new Set(shown.messages.map((message) => message.id));
  const newest = shown.messages.reduce((latest, { at }) => Math.max(latest, at), 0);
  const since = shown.complete ? startOfNewest(shown.messages) : -Infinity;
  const changed = shown.messages.filter(
    (message) =>
      mayBeRead(message) &&
      (message.at >= since || known.has(message.id)) &&
      differs(known.get(message.id), message),
  );
  // A platform's history may lag slightly behind its events.
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

/** When the first of the newest messages was written that hold `MOST_CACHED` characters together. */
function startOfNewest(messages: readonly ThreadMessage[]): number {
  let left = MOST_CACHED;
  const newestFirst = messages.toSorted((a, b) => b.at - a.at);
  const oldest = newestFirst.find(({ text }) => (left -= text.length) < 0);
  return oldest?.at ?? -Infinity;
}

/** Status messages are never part of a conversation. */
const mayBeRead = ({ mark }: ThreadMessage): boolean => mark?.kind !== "status";

const differs = (known: ThreadMessage | undefined, shown: ThreadMessage): boolean =>
  known === undefined ||
  known.text !== shown.text ||
  known.author.name !== shown.author.name ||
  known.files.length !== shown.files.length;
