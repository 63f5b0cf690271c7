import { fold } from "../coordination/advance.ts";
import { committed } from "../coordination/spending.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../store/tables/turn.ts";
import { type CloseStatusPorts, closeStatus } from "./close-status.ts";
import { type UnseenPorts, takeOnUnseen } from "./take-on-unseen.ts";

const SORRY = "Something went wrong here, and this could not be answered. Please ask again.";

/** Ends a turn that could not be run: its person is told once, its status shows nobody at work, and what its inbox holds gets a turn of its own. */
export async function giveUpTurn(turn: Turn, ports: UnseenPorts & CloseStatusPorts): Promise<void> {
  const { store, outlet } = ports;
  await settle(store, turn);
  const left = await store.inbox.close(turn.id, turn.epoch);
  await takeOnUnseen(
    turn,
    left.map(({ id }) => id),
    ports,
  );
  const posted = await store.deliveries.list(turn.id, "final");
  if (posted.length === 0) await outlet.delivery.note(turn, SORRY);
  await closeStatus(turn, ports, posted.length === 0 ? "failed" : "answered");
}

/** What it used, as far as its journal knows; where that cannot be read, the end of the turn books its estimate. */
async function settle({ journal, budgets }: Store, { id }: Turn): Promise<void> {
  const events = await journal.read(id).catch(() => null);
  if (!events) return;
  await budgets.settle(id, events.length > 0 ? committed(fold(events)) : NOTHING);
}

const NOTHING = { tokens: 0, costUsd: 0 };
