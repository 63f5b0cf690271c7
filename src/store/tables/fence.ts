import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { FencedError } from "../store-error.ts";

/**
 * A subquery for the turn's row, empty if $2 is not its current epoch. Until the transaction commits, no process can restart the turn.
 * PostgreSQL needs a lock for this; writers of the same epoch share it.
 */
export const turnUnderEpoch = ({ dialect }: Pick<Queries, "dialect">): string =>
  `(SELECT id FROM turns WHERE id = $1 AND epoch = $2 ${dialect === "postgres" ? "FOR SHARE" : ""})`;

/** Throws a `FencedError` if `epoch` is not the turn's current one. Takes no lock. */
export async function confirmTurn(db: Queries, turn: string, epoch: number): Promise<void> {
  const known = await db.q("SELECT id FROM turns WHERE id = $1 AND epoch = $2", [turn, epoch]);
  if (known.length === 0) throw new FencedError(turn, epoch);
}

/** Locks the turn's row for the rest of the transaction if the turn is running and its inbox is open; else returns false. */
export async function holdOpen(t: Queries, turn: TurnId): Promise<boolean> {
  const open = await t.q(
    "UPDATE turns SET inbox_open = 1 WHERE id = $1 AND state = 'running' AND inbox_open = 1 RETURNING id",
    [turn],
  );
  return open.length > 0;
}

/** Closes the turn's inbox. In a transaction, its contents are final from now on. Throws a `FencedError`. */
export async function closeInbox(t: Queries, turn: string, epoch: number): Promise<void> {
  const closed = await t.q(
    "UPDATE turns SET inbox_open = 0 WHERE id = $1 AND epoch = $2 RETURNING id",
    [turn, epoch],
  );
  if (closed.length === 0) throw new FencedError(turn, epoch);
}
