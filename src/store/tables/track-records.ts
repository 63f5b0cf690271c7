import { z } from "zod";
import { parseConversationId, TurnId } from "../../ids.ts";
import type { ConversationId, Place } from "../../ids.ts";
import { TrackBoard, TurnRecord } from "../../track-records/turn-record.ts";
import type { Queries } from "../database.ts";
import { Int, json } from "../row.ts";

/** Whose track records: those of a workspace, a server, or a terminal. */
export type Space = Pick<Place, "platform" | "space">;

const Marked = z.object({
  turn: TurnId,
  record: json(TurnRecord),
  marks: Int,
  ups: Int,
  downs: Int,
});
/** A turn's record with what people said of its answer: `marks`, 👍 less 👎. */
export type StoredRecord = TurnRecord & Omit<z.infer<typeof Marked>, "record">;

const Kept = z.object({ board: json(TrackBoard) });
const Where = z.object({ platform: z.string(), space: z.string() });

/** What turns said about their models, and what was learned from it, by space. */
export const createTrackRecords = (db: Queries, now: () => number) => ({
  ...createBoards(db),

  /** Idempotent: the first record of a turn stays. */
  async add(turn: TurnId, conversation: ConversationId, record: TurnRecord): Promise<void> {
    const { platform, space } = parseConversationId(conversation);
    await db.q(
      `INSERT INTO turn_records (turn, platform, space, record, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (turn) DO NOTHING`,
      [turn, platform, space, JSON.stringify(record), now()],
    );
  },

  /** The newest `limit` records of a space, oldest first. */
  async list({ platform, space }: Space, limit: number): Promise<readonly StoredRecord[]> {
    const rows = await db.q(
      `SELECT newest.turn, newest.record, COUNT(CASE verdict WHEN 'up' THEN 1 END) AS ups,
         COUNT(CASE verdict WHEN 'down' THEN 1 END) AS downs,
         COUNT(CASE verdict WHEN 'up' THEN 1 END) - COUNT(CASE verdict WHEN 'down' THEN 1 END) AS marks
       FROM (SELECT turn, record, at FROM turn_records WHERE platform = $1 AND space = $2
         ORDER BY at DESC, turn DESC LIMIT $3) AS newest
       LEFT JOIN feedback ON feedback.turn = newest.turn
       GROUP BY newest.turn, newest.record, newest.at ORDER BY newest.at, newest.turn`,
      [platform, space, limit],
    );
    return z
      .array(Marked)
      .parse(rows)
      .map(({ record, ...rest }) => ({ ...record, ...rest }));
  },

  /** Forgets all of a space; resolves to the number of turns. */
  forget: ({ platform, space }: Space): Promise<number> =>
    db.tx(async (t) => {
      await t.q("DELETE FROM track_boards WHERE platform = $1 AND space = $2", [platform, space]);
      const turns = await t.q(
        "DELETE FROM turn_records WHERE platform = $1 AND space = $2 RETURNING turn",
        [platform, space],
      );
      return turns.length;
    }),
});

/** The oldest and the newest record that something was learned from. */
interface Span {
  readonly first: TurnId;
  readonly last: TurnId;
}

/** What was learned. */
const createBoards = (db: Queries) => ({
  /** What was learned of a space's models; null: nothing yet. */
  async board({ platform, space }: Space): Promise<TrackBoard | null> {
    const [row] = await db.q("SELECT board FROM track_boards WHERE platform = $1 AND space = $2", [
      platform,
      space,
    ]);
    return row ? Kept.parse(row).board : null;
  },

  /** What was learned in all spaces. */
  async boards(): Promise<readonly (Space & { readonly board: TrackBoard })[]> {
    const rows = await db.q(
      "SELECT platform, space, board FROM track_boards ORDER BY platform, space",
    );
    return z.array(Where.extend(Kept.shape)).parse(rows);
  },

  /**
   * Keeps what was learned from the records up to `last`, and deletes those before `first`. Changes nothing if the space was told to forget them
   * meanwhile.
   */
  keep: (space: Space, board: TrackBoard, records: Span): Promise<void> =>
    db.tx((t) => keepBoard(t, space, { board, ...records })),

  /** The spaces with a record or a mark that is newer than what was learned there. */
  async unlearned(): Promise<readonly Space[]> {
    const rows = await db.q(
      `SELECT told.platform, told.space FROM turn_records AS told
       LEFT JOIN track_boards AS kept ON kept.platform = told.platform AND kept.space = told.space
       LEFT JOIN feedback ON feedback.turn = told.turn
       WHERE kept.at IS NULL OR told.at > kept.at OR feedback.at > kept.at
       GROUP BY told.platform, told.space ORDER BY told.platform, told.space`,
    );
    return z.array(Where).parse(rows);
  },
});

async function keepBoard(
  t: Queries,
  { platform, space }: Space,
  { board, first, last }: Span & { readonly board: TrackBoard },
): Promise<void> {
  // As old as what it was learned from: what came meanwhile is newer.
  const kept = await t.q(
    `INSERT INTO track_boards (platform, space, board, at)
     SELECT platform, space, CAST($2 AS TEXT), at FROM turn_records WHERE turn = $1
     ON CONFLICT (platform, space) DO UPDATE SET board = excluded.board, at = excluded.at RETURNING at`,
    [last, JSON.stringify(board)],
  );
  if (kept.length === 0) return;
  await t.q(
    `DELETE FROM turn_records WHERE platform = $1 AND space = $2
       AND at < (SELECT at FROM turn_records WHERE turn = $3)`,
    [platform, space, first],
  );
}
