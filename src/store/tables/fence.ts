import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { FencedError } from "../store-error.ts";

/**
 * A turn's row for a statement to build on: none if $2 is not its latest start any more. Until that is committed nobody can start the turn
 * anew; on PostgreSQL that takes a lock, which those who write under the same start share.
 */
export const turnUnderEpoch = ({ dialect }: Pick<Queries, "dialect">): string =>
  `(SELECT id FROM turns WHERE id = $1 AND epoch = $2 ${dialect === "postgres" ? "FOR SHARE" : ""})`;

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

/** The turn takes nothing more; in a transaction, everything that it took can be read from now on. Throws a `FencedError`. */
export async function closeInbox(t: Queries, turn: string, epoch: number): Promise<void> {
  const closed = await t.q(
    "UPDATE turns SET inbox_open = 0 WHERE id = $1 AND epoch = $2 RETURNING id",
    [turn, epoch],
  );
  if (closed.length === 0) throw new FencedError(turn, epoch);
}
