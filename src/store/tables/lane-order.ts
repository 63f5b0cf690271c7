import { z } from "zod";
import { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";
import { FencedError } from "../store-error.ts";
import { firstTurn, type Turn, turnColumns } from "./turn.ts";

const Place = z.object({
  id: TurnId,
  seq: Int,
  state: z.string(),
  request: z.string(),
  at: Int.nullable(),
});
type Place = z.infer<typeof Place>;

/** Whether one message is known to be older than another. */
const isBefore = (a: Place, b: Place): boolean => a.at !== null && b.at !== null && a.at < b.at;

/** At equal times, platforms' ids increase. */
const isJustBefore = (a: Place, b: Place): boolean =>
  a.at !== null && a.at === b.at && a.request < b.request;

/** A queued turn, and the number of turns ahead of it in its conversation. */
export interface Placed {
  readonly turn: Turn;
  readonly ahead: number;
}

/**
 * Platforms redeliver unacknowledged events, so messages can arrive late. Moves the last turn of a lane ahead of queued turns whose messages are
 * newer. Runs in the transaction that adds the turn.
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
 * Requeues a turn that has just started behind turns with older messages that arrived late. False if there are none. Throws a
 * `FencedError`.
 */
export async function stepBack(
  db: Queries,
  turn: Pick<Turn, "id" | "conversation" | "epoch">,
): Promise<boolean> {
  if (earlierThan(turn.id, await placesIn(db, turn)).length === 0) return false;
  return db.tx(async (t) => {
    // Locks the lane, so that no turn is added meanwhile.
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

/** Requeues a turn that was stopped while it ran, at the end of its lane. Undefined: it did not end like that. */
export const reopen = (db: Queries, id: TurnId): Promise<Turn | undefined> =>
  db.tx(async (t) => {
    const reopened = firstTurn(
      await t.q(
        `UPDATE turns SET state = 'queued', outcome = NULL, cancel = NULL, ended_at = NULL, attempts = 0
         WHERE id = $1 AND state = 'done' AND outcome = 'completed' AND cancel IS NOT NULL RETURNING ${turnColumns}`,
        [id],
      ),
    );
    if (!reopened) return undefined;
    const [lane] = await t.q(
      "UPDATE lanes SET last_seq = last_seq + 1 WHERE conversation = $1 RETURNING last_seq",
      [reopened.conversation],
    );
    const seq = Int.parse(lane?.["last_seq"]);
    await t.q("UPDATE turns SET seq = $2 WHERE id = $1", [id, seq]);
    return { ...reopened, seq };
  });

/** The unfinished turns of a conversation, in order, with the times of their messages. */
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

/** Reassigns the turns' existing sequence numbers in a new order. */
async function arrange(t: Queries, order: readonly Place[]): Promise<void> {
  const move = (id: TurnId, seq: number) =>
    t.q("UPDATE turns SET seq = $2 WHERE id = $1", [id, seq]);
  const places = order.map(({ seq }) => seq).toSorted((a, b) => a - b);
  // Sequence numbers are unique, even between two statements.
  for (const { id, seq } of order) await move(id, -seq);
  for (const [n, { id, seq }] of order.entries()) await move(id, places[n] ?? seq);
}
