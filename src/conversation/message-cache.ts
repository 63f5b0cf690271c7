import type { ConversationId } from "../ids.ts";
import type { ThreadMessage } from "../platform.ts";

/**
 * What events have already told us about a thread. Never the authority: a message the platform shows is taken from the platform, and
 * everything works with an empty cache. May reject; readers then go on without it.
 */
export interface MessageCache {
  /** Adds messages, or replaces those with the same id. */
  upsert(conversation: ConversationId, messages: readonly ThreadMessage[]): Promise<void>;
  /** In any order. The `load` of a cached file may reject: its bytes live on the platform. */
  list(conversation: ConversationId): Promise<readonly ThreadMessage[]>;
  /** Forgets deleted messages; unknown ids are fine. */
  remove(conversation: ConversationId, ids: readonly string[]): Promise<void>;
}
