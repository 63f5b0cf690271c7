import type { ConversationId } from "../ids.ts";
import type { IncomingMessage, Platform } from "../platform.ts";
import type { Store } from "../store/store.ts";
import { typed } from "../text/spelling.ts";
import type { PostNote } from "../turns/post-note.ts";
import { writerOf } from "./writer-of.ts";

export interface RetryHintPorts {
  readonly store: Store;
  readonly say: PostNote;
  readonly platformOf: (conversation: ConversationId) => Pick<Platform, "freshMs">;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** How many turns back the answer may be. */
const RECENT = 20;

/** Tells who edits a recent question that has its answer, once per question, how it is answered anew. */
export async function hintAtRetry(
  { store, say, platformOf, wallClock }: RetryHintPorts,
  message: IncomingMessage,
): Promise<void> {
  const { conversation, id, at } = message;
  const { freshMs = 0 } = platformOf(conversation);
  if (freshMs === 0 || wallClock() - at > freshMs) return;
  const recent = await store.turns.recent(conversation, RECENT);
  const asked = await store.fragments.requestOf(conversation, id);
  const turn = recent.find(({ request }) => request === asked);
  // `retry` would stop another turn that is at work.
  if (!turn || recent.some((other) => other !== turn && other.state !== "done")) return;
  if ((await store.deliveries.list(turn.id, "final")).length === 0) return;
  if (!(await store.claims.take(`retry-hint:${conversation}:${asked}`))) return;
  const retry = turn === recent[0] ? "retry" : `retry of ${turn.id}`;
  const text = `The answer is to your question as it was. ${typed(retry)} answers the edited one.`;
  await say(conversation, {
    kind: "note",
    text,
    only: writerOf(message, turn),
    mayBePublic: true,
  });
}
