import type { Asker, TurnsPort } from "../commands/ports.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import type { TurnEngine } from "../turns/engine/engine.ts";
import { recallAnswer } from "../turns/intake/recall-answer.ts";

interface FinishPorts {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "stop" | "enqueue">;
}

/** Ends the running turn with the best answer so far, or lets a stopped one post it. */
export async function finishTurn(
  { store, engine }: FinishPorts,
  { conversation, person: { name: by } }: Asker,
  id: TurnId | null,
): ReturnType<TurnsPort["finish"]> {
  const turn = await turnOf(store, conversation, id);
  if (turn?.conversation !== conversation) return "idle";
  if (turn.state === "done") {
    return (await recallAnswer({ store, engine }, turn.id, by)) ? "posting" : "idle";
  }
  const events = await store.journal.read(turn.id);
  if (!events.some(({ type }) => type === "answer_given")) return "unanswered";
  const told = await engine.stop(turn.id, { by, reason: "finish" });
  return told === "ended" ? "idle" : "posting";
}

/** The named turn; default: the running one, else the last one. */
async function turnOf({ turns }: Store, conversation: ConversationId, id: TurnId | null) {
  if (id) return turns.get(id);
  return (await turns.running(conversation)) ?? (await turns.recent(conversation, 1))[0];
}
