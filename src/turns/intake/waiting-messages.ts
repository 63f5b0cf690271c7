import { cleanLine } from "../../clean-text.ts";
import type { ConversationId } from "../../ids.ts";
import { excerpt } from "../../progress/failure-words.ts";
import type { WaitingMessage } from "../../progress/status-view.ts";
import type { Store } from "../../store/store.ts";

/** As much of a waiting message as fits a line. */
const LONGEST_EXCERPT = 60;

/** The messages that wait behind the running turn of a conversation, the longest waiting first. */
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

/** Hears a conversation in which other messages wait, or what waits says something else. */
const WAITING_CHANNEL = "waiting_changed";

/** Has the status of the running turn, wherever it runs, say which messages wait. */
export const notifyWaitingChanged = (
  { store }: { readonly store: Pick<Store, "db"> },
  conversation: ConversationId,
): Promise<void> => store.db.notify(WAITING_CHANNEL, conversation);

/** Calls `hear` when what waits in a conversation may have changed. The result ends it. */
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
