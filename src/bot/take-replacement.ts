import type { IncomingMessage } from "../platform.ts";
import { isByDeletion } from "../progress/failure-words.ts";
import type { Store } from "../store/store.ts";
import { claimOf } from "./begin-turn.ts";

/** How many turns back the original may be. */
const RECENT = 20;

/** Goes on with a message in place of the one that it repeats. `takeAnew`: nobody answers the original, so that its successor is a question. */
export async function takeReplacement(
  { store }: { readonly store: Store },
  original: string,
  message: IncomingMessage,
  takeAnew: () => Promise<void>,
): Promise<void> {
  const { conversation, id } = message;
  const claim = claimOf({ conversation, id: original });
  const turns = await store.turns.recent(conversation, RECENT);
  const turn = turns.find(({ request }) => request === original);
  // The deletion was told before its reason.
  const isLate = turn?.cancel ? isByDeletion(turn.cancel.by) : false;
  if (isLate || !(await store.claims.taken([claim])).has(claim)) return takeAnew();
  await store.tx(async (inside) => {
    if (!(await inside.claims.take(claimOf({ conversation, id })))) return;
    await inside.messages.upsert(conversation, [message]);
    await inside.turns.moveRequest(conversation, original, id);
    await inside.messages.remove(conversation, [original]);
  });
}
