import { cleanLine } from "../../text/clean-text.ts";
import type { ConversationId } from "../../ids.ts";
import { excerpt } from "../../progress/failure-words.ts";
import type { WaitingMessage } from "../../progress/status-view.ts";
import type { Store } from "../../store/store.ts";

/** Fits on one line. */
export const LONGEST_EXCERPT = 60;

/** The messages queued behind the running turn of a conversation, oldest first. */
export async function waitingMessages(
  { turns, messages }: Pick<Store, "turns" | "messages">,
  conversation: ConversationId,
): Promise<readonly WaitingMessage[]> {
  const queued = await turns.waiting(conversation);
  if (queued.length === 0) return [];
  const known = await messages.list(conversation);
  return queued.map(({ request: id }) => {
    const message = known.find((candidate) => candidate.id === id);
    const { author, text = "" } = message ?? {};
    return { id, author: cleanLine(author?.name ?? ""), excerpt: excerpt(text, LONGEST_EXCERPT) };
  });
}

/** Notified with a conversation when its queued messages change. */
const WAITING_CHANNEL = "waiting_changed";

/** Updates the queued messages in the status of the running turn, in whichever process it runs. */
export const notifyWaitingChanged = (
  { store }: { readonly store: Pick<Store, "db"> },
  conversation: ConversationId,
): Promise<void> => store.db.notify(WAITING_CHANNEL, conversation);

/** Calls `hear` when the queued messages of a conversation may have changed. The result unsubscribes. */
export const onWaitingChanged = (
  { db }: Pick<Store, "db">,
  conversation: ConversationId,
  hear: () => void,
): Promise<() => Promise<void>> =>
  db.listen(
    WAITING_CHANNEL,
    (changed) => {
      if (changed === conversation) hear();
    },
    hear,
  );
