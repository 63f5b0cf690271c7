import type { Clock } from "../../clock.ts";
import { fold } from "../../coordination/advance.ts";
import { forPeople } from "../../progress/for-people.ts";
import { statusView } from "../../progress/status-view.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { interrupted } from "./book-turn.ts";
import { inTime } from "./in-time.ts";
import type { ServedPlatform } from "../platform-registry.ts";

export interface CloseStatusPorts {
  readonly store: Pick<Store, "journal" | "deliveries">;
  readonly served: ServedPlatform;
  readonly clock: Clock;
}

/** Closes the status of a turn that will not continue, with no agent at work. Posts no status for a turn that has none. */
export async function closeStatus(
  turn: Turn,
  { store, served, clock }: CloseStatusPorts,
  outcome: "answered" | "failed",
): Promise<void> {
  const shown = await store.deliveries.list(turn.id, "status");
  const events = await store.journal.readable(turn.id);
  if (shown.length === 0 || events.length === 0) return;
  const state = forPeople(interrupted(fold(events)), turn.conversation);
  const view = statusView({ ...state, outcome });
  const note = outcome === "failed" ? "could not be finished" : view.note;
  await inTime(served.delivery.status(turn).freeze({ ...view, note }), clock);
}
