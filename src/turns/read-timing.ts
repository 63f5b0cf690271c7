import type { TurnTimes } from "../progress/turn-times.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import { queueReason } from "./turn-step.ts";

/** The times of a turn that the store has recorded. */
export async function readTiming(
  {
    turns,
    messages,
    journal,
    deliveries,
  }: Pick<Store, "turns" | "messages" | "journal" | "deliveries">,
  turn: Turn,
): Promise<TurnTimes> {
  const { id, conversation, request, createdAt, startedAt, endedAt, attempts } = turn;
  const queuedFor =
    startedAt === null
      ? null
      : queueReason({ createdAt, startedAt }, await turns.endedBefore(turn));
  return {
    turn: id,
    writtenAt: (await messages.writtenAt(conversation, request)) ?? null,
    takenOnAt: createdAt,
    startedAt,
    endedAt,
    attempts,
    queuedFor,
    journal: await journal.timed(id),
    deliveries: await deliveries.times(id),
  };
}
