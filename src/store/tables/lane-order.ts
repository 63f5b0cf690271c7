import { z } from "zod";
import { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";
import type { Turn } from "./turn.ts";

const Place = z.object({ id: TurnId, seq: Int, state: z.string(), at: Int.nullable() });

/** A turn in its place, and how many of its conversation end before it starts. */
export interface Placed {
  readonly turn: Turn;
  readonly ahead: number;
}

/**
 * Platforms deliver again what nobody took, and so sometimes late: moves the last turn of a lane before those that wait there too and whose
 * messages were written after its own. In the transaction that adds it.
 */
export async function putInOrder(t: Queries, turn: Turn): Promise<Placed> {
  const rows = await t.q(
    `SELECT turns.id, turns.seq, turns.state, messages.at FROM turns
     LEFT JOIN messages ON messages.conversation = turns.conversation AND messages.id = turns.request
     WHERE turns.conversation = $1 AND turns.state <> 'done' ORDER BY turns.seq`,
    [turn.conversation],
  );
  const others = z.array(Place).parse(rows);
  const at = others.pop()?.at ?? Infinity;
  const mayNotWait = ({ state, at: theirs }: z.infer<typeof Place>) =>
    state !== "queued" || (theirs ?? 0) <= at;
  const ahead = 1 + others.findLastIndex(mayNotWait);
  const later = others.slice(ahead);
  const [place] = later;
  if (!place) return { turn, ahead };
  const move = (id: TurnId, seq: number) =>
    t.q("UPDATE turns SET seq = $2 WHERE id = $1", [id, seq]);
  // No two may have the same place, not even between two statements.
  await move(turn.id, -turn.seq);
  for (const [n, { id }] of [...later.entries()].toReversed()) {
    await move(id, later[n + 1]?.seq ?? turn.seq);
  }
  await move(turn.id, place.seq);
  return { turn: { ...turn, seq: place.seq }, ahead };
}
