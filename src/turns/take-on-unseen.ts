import type { TurnId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/turn.ts";
import { messageOfLetter } from "./edit-letter.ts";
import type { TurnEngine } from "./engine.ts";
import { takeOn } from "./intake.ts";

export interface UnseenPorts {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "enqueue">;
  readonly newTurnId: () => TurnId;
}

/** Messages that a turn took and no move of it has seen become the next turn; done again, it does nothing twice. */
export async function takeOnUnseen(
  turn: Turn,
  unseen: readonly string[],
  { store, engine, newTurnId }: UnseenPorts,
): Promise<void> {
  const last = unseen.at(-1);
  if (last === undefined) return;
  const { conversation, person, team } = turn;
  const wanted = messageOfLetter(last);
  const message = (await store.messages.list(conversation)).find(({ id }) => id === wanted);
  if (!message) return;
  const claim = `unseen:${turn.id}`;
  const request = { claim, conversation, message, person, team, steer: false };
  await takeOn({ store, engine, newTurnId }, request);
}
