import type { TurnId } from "../ids.ts";
import type { Queries } from "./database.ts";
import { FencedError } from "./store-error.ts";

/**
 * Holds a turn's row for the rest of the transaction, if `epoch` still is its latest start. A write, though it changes nothing, because
 * a mere read would not keep another process from starting the turn meanwhile. Throws a `FencedError`.
 */
export async function holdTurn(t: Queries, turn: string, epoch: number): Promise<void> {
  const held = await t.q(
    "UPDATE turns SET epoch = epoch WHERE id = $1 AND epoch = $2 RETURNING id",
    [turn, epoch],
  );
  if (held.length === 0) throw new FencedError(turn, epoch);
}

/** Throws a `FencedError` when `epoch` is not the turn's latest start any more: a look, which holds nothing. */
export async function confirmTurn(db: Queries, turn: string, epoch: number): Promise<void> {
  const known = await db.q("SELECT id FROM turns WHERE id = $1 AND epoch = $2", [turn, epoch]);
  if (known.length === 0) throw new FencedError(turn, epoch);
}

/** Holds a turn's row for the rest of the transaction, if it is running and still takes what people tell it; false: it is not, or has closed. */
export async function holdOpen(t: Queries, turn: TurnId): Promise<boolean> {
  const open = await t.q(
    "UPDATE turns SET inbox_open = 1 WHERE id = $1 AND state = 'running' AND inbox_open = 1 RETURNING id",
    [turn],
  );
  return open.length > 0;
}
