import { z } from "zod";
import { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";
import { FencedError } from "../store-error.ts";
import type { Turn } from "./turn.ts";

const Place = z.object({
  id: TurnId,
  seq: Int,
  state: z.string(),
  request: z.string(),
  at: Int.nullable(),
});
type Place = z.infer<typeof Place>;

/** Whether a message was written before another, as far as is known. */
const isBefore = (a: Place, b: Place): boolean => a.at !== null && b.at !== null && a.at < b.at;

/** In the same instant, platforms' ids go up. */
const isJustBefore = (a: Place, b: Place): boolean =>
  a.at !== null && a.at === b.at && a.request < b.request;

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
  const others = await placesIn(t, turn);
  const own = others.pop();
  const mayNotWait = (other: Place) => other.state !== "queued" || !own || !isBefore(own, other);
  const ahead = 1 + others.findLastIndex(mayNotWait);
  const later = others.slice(ahead);
  const [place] = later;
  if (!own || !place) return { turn, ahead };
  await arrange(t, [own, ...later]);
  return { turn: { ...turn, seq: place.seq }, ahead };
}

/**
 * Has a turn that has only just begun wait for those of its lane whose messages were written before its own, and which came late. False:
 * there are none. Throws a `FencedError`.
 */
export async function stepBack(
  db: Queries,
  turn: Pick<Turn, "id" | "conversation" | "epoch">,
): Promise<boolean> {
  if (earlierThan(turn.id, await placesIn(db, turn)).length === 0) return false;
  return db.tx(async (t) => {
    // Nobody adds to the lane meanwhile.
    await t.q("UPDATE lanes SET last_seq = last_seq WHERE conversation = $1", [turn.conversation]);
    const places = await placesIn(t, turn);
    const earlier = earlierThan(turn.id, places);
    const own = places.find(({ id }) => id === turn.id);
    if (!own || earlier.length === 0) return false;
    const waits = await t.q(
      "UPDATE turns SET state = 'queued' WHERE id = $1 AND epoch = $2 AND state = 'running' RETURNING id",
      [turn.id, turn.epoch],
    );
    if (waits.length === 0) throw new FencedError(turn.id, turn.epoch);
    await arrange(t, [...earlier, own]);
    return true;
  });
}

/** The turns of a conversation that have not ended, in their order, and when their messages were written. */
async function placesIn(db: Queries, { conversation }: Pick<Turn, "conversation">) {
  const rows = await db.q(
    `SELECT turns.id, turns.seq, turns.state, turns.request, messages.at FROM turns
     LEFT JOIN messages ON messages.conversation = turns.conversation AND messages.id = turns.request
     WHERE turns.conversation = $1 AND turns.state <> 'done' ORDER BY turns.seq`,
    [conversation],
  );
  return z.array(Place).parse(rows);
}

function earlierThan(turn: TurnId, places: readonly Place[]): readonly Place[] {
  const own = places.find(({ id }) => id === turn);
  if (!own) return [];
  return places.filter(
    (other) => other.state === "queued" && (isBefore(other, own) || isJustBefore(other, own)),
  );
}

/** Gives turns the places that they have now, in a new order. */
async function arrange(t: Queries, order: readonly Place[]): Promise<void> {
  const move = (id: TurnId, seq: number) =>
    t.q("UPDATE turns SET seq = $2 WHERE id = $1", [id, seq]);
  const places = order.map(({ seq }) => seq).toSorted((a, b) => a - b);
  // No two may have the same place, not even between two statements.
  for (const { id, seq } of order) await move(id, -seq);
  for (const [n, { id, seq }] of order.entries()) await move(id, places[n] ?? seq);
}
