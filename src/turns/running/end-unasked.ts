import { fold } from "../../coordination/advance.ts";
import { elect } from "../../coordination/tally.ts";
import type { TurnEvent } from "../../coordination/turn-event.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { TurnStop } from "../../store/tables/turn.ts";
import { interruptions } from "../concluding/book-turn.ts";
import type { TurnRun } from "./turn-run.ts";

/** Ends a turn without asking the agents: it was stopped or (null) waited too long to start. One that should finish closes with the best answer that it had. */
export async function endUnasked(
  { options, turn, events }: TurnRun,
  before: TurnState,
  stop: TurnStop | null,
): Promise<TurnState> {
  const { agents } = before;
  const inbox = await options.store.inbox.close(turn.id, turn.epoch);
  const seen = Math.max(...agents.map(({ seenSteering }) => seenSteering));
  const unseen = inbox.slice(seen).map(({ id }) => id);
  const ending = endingEvents(before, stop, unseen);
  await options.store.journal.append(turn.id, turn.epoch, ending);
  const state = fold([...events, ...ending]);
  for (const event of ending) options.onEvent(turn, event, state);
  return state;
}

function endingEvents(
  before: TurnState,
  stop: TurnStop | null,
  unseen: readonly string[],
): readonly TurnEvent[] {
  const at = before.now;
  const closed = { type: "turn_closed" as const, at, limit: null, unseen: [...unseen] };
  if (!stop) {
    const limit = "queue_timeout";
    return [
      { ...closed, limit, closedBy: "limit", revision: null, decidedBy: null },
      { type: "turn_ended", at, outcome: "failed" },
    ];
  }
  const { by, reason } = stop;
  const best = reason === "finish" ? elect(before) : null;
  // Moves whose process died.
  const broken = interruptions(before);
  if (best) {
    return [
      { type: "finish_requested", at, by },
      ...broken,
      { ...closed, closedBy: "person", ...best },
      { type: "turn_ended", at, outcome: "answered" },
    ];
  }
  return [
    { type: "turn_stopped", at, by, reason: reason === "finish" ? "stop" : reason },
    ...broken,
    { ...closed, closedBy: "stopped", revision: null, decidedBy: null },
    { type: "turn_ended", at, outcome: "stopped" },
  ];
}
