import type { ConversationId } from "../ids.ts";
import { excerpt } from "../progress/failure-words.ts";
import type { WaitingMessage } from "../progress/status-view.ts";
import type { Store } from "../store/store.ts";
import type { OpenTurns } from "./open-turns.ts";

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
    return { id, author: author?.name ?? "", excerpt: excerpt(text, LONGEST_EXCERPT) };
  });
}

/** The status of the running turn says which messages wait. */
export async function showWaiting(
  { store, open }: { readonly store: Store; readonly open: OpenTurns },
  conversation: ConversationId,
): Promise<void> {
  open.in(conversation)?.setWaiting(await waitingMessages(store, conversation));
}
