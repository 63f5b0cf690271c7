import type { Turn } from "../store/turn.ts";
import { type CloseStatusPorts, closeStatus } from "./close-status.ts";
import { type UnseenPorts, takeOnUnseen } from "./take-on-unseen.ts";

const SORRY = "Something went wrong here, and this could not be answered. Please ask again.";

/** Ends a turn that could not be run: its person is told once, its status shows nobody at work, and what its inbox holds gets a turn of its own. */
export async function giveUpTurn(turn: Turn, ports: UnseenPorts & CloseStatusPorts): Promise<void> {
  const { store, outlet } = ports;
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
