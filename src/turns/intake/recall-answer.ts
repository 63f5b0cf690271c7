import { fold } from "../../coordination/advance.ts";
import { elect } from "../../coordination/tally.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { TurnId } from "../../ids.ts";
import { isByDeletion } from "../../progress/failure-words.ts";
import type { Store } from "../../store/store.ts";
import type { TurnEngine } from "../engine/engine.ts";

/** A person stopped it; it has not made way for another turn, and its question is still there. */
const isRecallable = ({ outcome, stopped }: TurnState): boolean =>
  outcome === "stopped" && stopped?.reason === "stop" && !isByDeletion(stopped.by);

/**
 * Lets a stopped turn post the best answer that it has. In one transaction, the journal says so and the turn goes to the end of its lane; then
 * the outbox posts the answer exactly once. No model is asked. False: the turn was not stopped, or has no answer.
 */
export const recallAnswer = (
  {
    store,
    engine,
  }: { readonly store: Pick<Store, "tx">; readonly engine: Pick<TurnEngine, "enqueue"> },
  turn: TurnId,
  by: string,
): Promise<boolean> =>
  store.tx(async (inside, t) => {
    const events = await inside.journal.read(turn);
    const state = events.length === 0 ? null : fold(events);
    if (!state || !isRecallable(state)) return false;
    const best = elect(state);
    if (!best) return false;
    const reopened = await inside.turns.reopen(turn);
    if (!reopened) return false;
    const recalled = { type: "answer_recalled", at: state.now, by, ...best } as const;
    await inside.journal.append(turn, reopened.epoch, [recalled]);
    await engine.enqueue(reopened, t);
    return true;
  });
