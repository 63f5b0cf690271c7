import { z } from "zod";
import { TurnId } from "../ids.ts";
import type { Queries } from "./database.ts";
import { Int } from "./row.ts";
import type { Turn } from "./turn.ts";

const Place = z.object({ id: TurnId, seq: Int, at: Int.nullable() });

/**
 * Platforms deliver again what nobody took, and so sometimes late: moves the last turn of a lane before those that wait there too and whose
 * messages were written after its own. In the transaction that adds it. Returns it in its place.
 */
export async function putInOrder(t: Queries, turn: Turn): Promise<Turn> {
  const rows = await t.q(
    `SELECT turns.id, turns.seq, messages.at FROM turns
     LEFT JOIN messages ON messages.conversation = turns.conversation AND messages.id = turns.request
     WHERE turns.conversation = $1 AND turns.state = 'queued' ORDER BY turns.seq`,
    [turn.conversation],
  );
  const waiting = z.array(Place).parse(rows);
  const own = waiting.pop();
  const at = own?.at ?? Infinity;
  const later = waiting.slice(1 + waiting.findLastIndex((other) => (other.at ?? 0) <= at));
  const [place] = later;
  if (!place) return turn;
  const move = (id: TurnId, seq: number) =>
    t.q("UPDATE turns SET seq = $2 WHERE id = $1", [id, seq]);
  // No two may have the same place, not even between two statements.
  await move(turn.id, -turn.seq);
  for (const [n, { id }] of [...later.entries()].toReversed()) {
    await move(id, later[n + 1]?.seq ?? turn.seq);
  }
  await move(turn.id, place.seq);
  return { ...turn, seq: place.seq };
}
