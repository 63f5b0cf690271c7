import type { ConversationId } from "../ids.ts";
import type { ThreadMessage } from "../platform.ts";

/**
 * Caches messages of a thread from events. The platform's version of a message always wins, and everything works with an empty cache. May
 * reject; readers then continue without it.
 */
export interface MessageCache {
  /** Adds messages, or replaces those with the same id. */
  upsert(conversation: ConversationId, messages: readonly ThreadMessage[]): Promise<void>;
  /** In any order. `load` of a cached file may reject, because only the platform has its bytes. */
  list(conversation: ConversationId): Promise<readonly ThreadMessage[]>;
  /** Removes deleted messages; ignores unknown ids. */
  remove(conversation: ConversationId, ids: readonly string[]): Promise<void>;
}
