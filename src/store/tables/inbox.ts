import { SteeringMessage } from "../../coordination/turn-event.ts";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { closeInbox, holdOpen } from "./fence.ts";
import { json } from "../row.ts";

/** The notice channel for the id of a running turn that received a message or a choice. */
export const PEOPLE_INPUT_CHANNEL = "turn_told";

/** Messages added to running turns. */
export const createInbox = (db: Queries, now: () => number) => ({
  /** False if the turn is not running or has closed. Idempotent per message. */
  add: (turn: TurnId, message: SteeringMessage): Promise<boolean> =>
    db.tx(async (t) => {
      if (!(await holdOpen(t, turn))) return false;
      await t.q(
        `INSERT INTO inbox (turn, seq, message_id, message, at)
         VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM inbox WHERE turn = $1), $2, $3, $4)
         ON CONFLICT (turn, message_id) DO NOTHING`,
        [turn, message.id, JSON.stringify(message), now()],
      );
      await t.notify(PEOPLE_INPUT_CHANNEL, turn);
      return true;
    }),

  /** In order of arrival. */
  list: (turn: TurnId): Promise<readonly SteeringMessage[]> => readInbox(db, turn),

  /** Closes the inbox of an abandoned turn and returns its messages. Throws a `FencedError`. */
  close: (turn: TurnId, epoch: number): Promise<readonly SteeringMessage[]> =>
    db.tx(async (t) => {
      await closeInbox(t, turn, epoch);
      return readInbox(t, turn);
    }),
});

const Letter = json(SteeringMessage);

/** A turn's inbox, in order of arrival. */
export async function readInbox(db: Queries, turn: TurnId): Promise<readonly SteeringMessage[]> {
  const rows = await db.q("SELECT message FROM inbox WHERE turn = $1 ORDER BY seq", [turn]);
  return rows.map((row) => Letter.parse(row["message"]));
}
