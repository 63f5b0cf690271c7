import { TurnEvent } from "../coordination/turn-event.ts";
import type { EventOf, SteeringMessage } from "../coordination/turn-event.ts";
import type { TurnId } from "../ids.ts";
import { type Choice, readChoices } from "./choices.ts";
import type { Queries } from "./database.ts";
import { holdTurn } from "./fence.ts";
import { readInbox } from "./inbox.ts";
import { Int, json } from "./row.ts";
import { FencedError, StoreError } from "./store-error.ts";

/** What people told a turn and its journal does not hold; of choices all that were made, if one of them is missing there. */
export interface Unheard {
  readonly messages: readonly SteeringMessage[];
  readonly choices: readonly Choice[];
}

/** The events of every turn, in order: the checkpoint that a turn resumes from. */
export const createJournal = (db: Queries, now: () => number) => ({
  /** Throws a `FencedError` when `epoch` is not the turn's latest start. */
  async append(turn: TurnId, epoch: number, event: TurnEvent): Promise<void> {
    // One statement, since most of what a turn writes is this: it holds the turn's row as `holdTurn` does, where a row can be held.
    const written = await db.q(
      `INSERT INTO journal (turn, seq, type, event, at)
       SELECT id, ${NEXT_SEQ}, $3, $4, CAST($5 AS BIGINT) FROM turns WHERE id = $1 AND epoch = $2
       ${db.dialect === "postgres" ? "FOR UPDATE" : ""} RETURNING seq`,
      [turn, epoch, event.type, JSON.stringify(event), now()],
    );
    if (written.length === 0) throw new FencedError(turn, epoch);
  },

  /**
   * Journals that the turn has closed, and closes its inbox, if all that people told it is journaled: each message as `message_steered`,
   * each choice as `preference_given`. Else changes nothing and returns what is not. Throws a `FencedError`.
   */
  close: (turn: TurnId, epoch: number, event: EventOf<"turn_closed">): Promise<Unheard> =>
    db.tx(async (t) => {
      await holdTurn(t, turn, epoch);
      const unheard = await readUnheard(t, turn);
      if (unheard.messages.length + unheard.choices.length > 0) return unheard;
      await insert(t, turn, event, now());
      await t.q("UPDATE turns SET inbox_open = 0 WHERE id = $1", [turn]);
      return unheard;
    }),

  /** When its last event was written, ms since the epoch; undefined: there is none. */
  async writtenAt(turn: TurnId): Promise<number | undefined> {
    const [row] = await db.q("SELECT at FROM journal WHERE turn = $1 ORDER BY seq DESC LIMIT 1", [
      turn,
    ]);
    return row && Int.parse(row["at"]);
  },

  /** Oldest first. Throws a `StoreError` (`unreadable`) on an entry that this version cannot read. */
  read: (turn: TurnId): Promise<readonly TurnEvent[]> => readEvents(db, turn),

  /** Those before the first that this version cannot read. */
  async readable(turn: TurnId): Promise<readonly TurnEvent[]> {
    const rows = await db.q("SELECT event FROM journal WHERE turn = $1 ORDER BY seq", [turn]);
    const entries = rows.map((row) => Entry.safeParse(row["event"]).data);
    const known = entries.indexOf(undefined);
    return entries.slice(0, known < 0 ? entries.length : known).flatMap((event) => event ?? []);
  },
});

async function readUnheard(t: Queries, turn: TurnId): Promise<Unheard> {
  const steered = await readEvents(t, turn, "message_steered");
  const seen = new Set(
    steered.map((known) => (known.type === "message_steered" ? known.message.id : "")),
  );
  const counted = await readEvents(t, turn, "preference_given");
  const choices = await readChoices(t, turn);
  return {
    messages: (await readInbox(t, turn)).filter(({ id }) => !seen.has(id)),
    choices: choices.length > counted.length ? choices : [],
  };
}

const NEXT_SEQ = "(SELECT COALESCE(MAX(seq), 0) + 1 FROM journal WHERE turn = $1)";

async function insert(t: Queries, turn: TurnId, event: TurnEvent, at: number): Promise<void> {
  await t.q(
    `INSERT INTO journal (turn, seq, type, event, at)
     VALUES ($1, ${NEXT_SEQ}, $2, $3, $4)`,
    [turn, event.type, JSON.stringify(event), at],
  );
}

const Entry = json(TurnEvent);

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
