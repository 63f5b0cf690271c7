import { fold } from "../../coordination/advance.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import { bookTurn, interruptions } from "./book-turn.ts";
import { type CloseStatusPorts, closeStatus } from "./close-status.ts";
import { type AcceptUnseenOptions, acceptUnseen } from "../intake/accept-unseen.ts";
import { readSnapshot } from "../team-snapshot.ts";

const SORRY = "Something went wrong here, and this could not be answered. Please ask again.";

/** Ends a turn that could not be run: tells its person once, closes its status, and queues a new turn for the messages in its inbox. */
export async function giveUpTurn(
  turn: Turn,
  ports: AcceptUnseenOptions & CloseStatusPorts,
): Promise<void> {
  const { store, served } = ports;
  await book(store, turn);
  const left = await store.inbox.close(turn.id, turn.epoch);
  await acceptUnseen(
    turn,
    left.map(({ id }) => id),
    ports,
  );
  const parts = await store.deliveries.list(turn.id, "final");
  // What was merely intended is not in the thread.
  const isAnswered = parts.length > 0 && parts.every(({ state }) => state === "posted");
  if (!isAnswered) await served.delivery.note(turn, SORRY);
  await closeStatus(turn, ports, isAnswered ? "answered" : "failed");
}

/** Records its usage, as far as this version can read its journal. */
async function book(store: Store, turn: Turn): Promise<void> {
  const events = await store.journal.readable(turn.id);
  if (events.length === 0) return store.budgets.settle(turn.id, NOTHING);
  const ends = interruptions(fold(events));
  if (ends.length > 0) await store.journal.append(turn.id, turn.epoch, ends);
  const team = readSnapshot(turn.team);
  const routerModel = team?.router?.model ?? null;
  await bookTurn(store, turn, fold([...events, ...ends]), { team, routerModel });
}

const NOTHING = { tokens: 0, costUsd: 0 };
