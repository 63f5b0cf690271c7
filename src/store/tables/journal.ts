import { TurnEvent } from "../../coordination/turn-event.ts";
import type { PeopleInputCounts, PeopleInput } from "../../coordination/runner/ports.ts";
import type { TurnId } from "../../ids.ts";
import type { Queries, Value } from "../database.ts";
import { closeInbox, turnUnderEpoch } from "./fence.ts";
import { readPeopleInput } from "./people-input.ts";
import { Int, json } from "../row.ts";
import { FencedError, StoreError } from "../store-error.ts";

/** The events of every turn, in order. Turns resume from them. */
export const createJournal = (db: Queries, now: () => number) => ({
  /** Appends all events or none, in order. Throws a `FencedError` if `epoch` is not the turn's current one. */
  async append(turn: TurnId, epoch: number, events: readonly TurnEvent[]): Promise<void> {
    const written = await insert(db, { turn, epoch, events, at: now() });
    if (written.length === 0) throw new FencedError(turn, epoch);
  },

  /**
   * Closes the turn's inbox and appends the events that say so, if people input it no more than was known; then resolves to null. Else
   * changes nothing and resolves to all that they input. Throws a `FencedError`.
   */
  async close(
    turn: TurnId,
    epoch: number,
    { events, known }: { readonly events: readonly TurnEvent[]; readonly known: PeopleInputCounts },
  ): Promise<PeopleInput | null> {
    const isClosed = await db.tx(async (t) => {
      await closeInbox(t, turn, epoch);
      const written = await insert(t, { turn, epoch, events, at: now(), known });
      if (written.length === 0) await t.q("UPDATE turns SET inbox_open = 1 WHERE id = $1", [turn]);
      return written.length > 0;
    });
    if (isClosed) return null;
    return readPeopleInput(db, turn);
  },

  /** When the turn's last event was written, ms since the epoch; undefined if there is none. */
  async writtenAt(turn: TurnId): Promise<number | undefined> {
    const [row] = await db.q("SELECT at FROM journal WHERE turn = $1 ORDER BY seq DESC LIMIT 1", [
      turn,
    ]);
    return row && Int.parse(row["at"]);
  },

  /** Oldest first. Throws a `StoreError` (`unreadable`) if this version cannot read an entry. */
  read: (turn: TurnId): Promise<readonly TurnEvent[]> => readEvents(db, turn),

  /** The events before the first one that this version cannot read. */
  readable: async (turn: TurnId): Promise<readonly TurnEvent[]> =>
    (await readTimed(db, turn)).map(({ event }) => event),

  /** The same, with write times in ms since the epoch. */
  timed: (turn: TurnId): Promise<readonly TimedEvent[]> => readTimed(db, turn),
});

interface Entries {
  readonly turn: TurnId;
  readonly epoch: number;
  readonly events: readonly TurnEvent[];
  readonly at: number;
  /** Only if people input the turn no more than this. */
  readonly known?: PeopleInputCounts;
}

const NEXT_SEQ = "(SELECT COALESCE(MAX(seq), 0) + 1 FROM journal WHERE turn = $1)";

/** Appends events in one statement, because these are most of a turn's writes. Returns one row per event, or none. */
function insert(db: Queries, { turn, epoch, events, at, known }: Entries) {
  const params: Value[] = [turn, epoch, at];
  const param = (value: Value) => `$${params.push(value)}`;
  const rows = events.map(
    (event, n) =>
      `(${n}, CAST(${param(event.type)} AS TEXT), CAST(${param(JSON.stringify(event))} AS TEXT))`,
  );
  const isHeard = known
    ? `WHERE (SELECT COUNT(*) FROM inbox WHERE turn = $1) <= ${param(known.messages)}
       AND (SELECT COUNT(*) FROM choices WHERE turn = $1) <= ${param(known.choices)}`
    : "";
  return db.q(
    `INSERT INTO journal (turn, seq, type, event, at)
     SELECT held.id, ${NEXT_SEQ} + entry.column1, entry.column2, entry.column3, CAST($3 AS BIGINT)
     FROM ${turnUnderEpoch(db)} AS held CROSS JOIN (VALUES ${rows.join(", ")}) AS entry
     ${isHeard} RETURNING seq`,
    params,
  );
}

const Entry = json(TurnEvent);

export interface TimedEvent {
  readonly event: TurnEvent;
  readonly at: number;
}

async function readTimed(db: Queries, turn: TurnId): Promise<readonly TimedEvent[]> {
  const rows = await db.q("SELECT event, at FROM journal WHERE turn = $1 ORDER BY seq", [turn]);
  const entries = rows.map((row) => ({
    event: Entry.safeParse(row["event"]).data,
    at: Int.parse(row["at"]),
  }));
  const unknown = entries.findIndex(({ event }) => event === undefined);
  return entries
    .slice(0, unknown < 0 ? entries.length : unknown)
    .flatMap(({ event, at }) => (event ? [{ event, at }] : []));
}

async function readEvents(
  db: Queries,
  turn: TurnId,
  type?: TurnEvent["type"],
): Promise<readonly TurnEvent[]> {
  const rows = type
    ? await db.q("SELECT seq, event FROM journal WHERE turn = $1 AND type = $2 ORDER BY seq", [
        turn,
        type,
      ])
    : await db.q("SELECT seq, event FROM journal WHERE turn = $1 ORDER BY seq", [turn]);
  return rows.map((row) => {
    const entry = Entry.safeParse(row["event"]);
    if (entry.success) return entry.data;
    throw new StoreError(
      "unreadable",
      `Entry ${String(row["seq"])} of the journal of turn ${turn} cannot be read: a newer version wrote it, or it is damaged. Run the version that wrote it.`,
      { cause: entry.error },
    );
  });
}
