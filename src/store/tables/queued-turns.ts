import { z } from "zod";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Turn, firstTurn, turnColumns } from "./turn.ts";

/** It has not started, and is not ending. */
const WAITS = "state = 'queued' AND epoch = 0 AND cancel IS NULL AND expired_at IS NULL";

const IS_HEAD = `NOT EXISTS (SELECT 1 FROM turns AS other
  WHERE other.conversation = turns.conversation AND other.seq < turns.seq AND other.state <> 'done')`;

const IS_SHOWN =
  "EXISTS (SELECT 1 FROM deliveries WHERE turn = turns.id AND kind = 'status' AND state = 'posted')";

/** Turns that wait for a process with room, while all of them are full. */
export const createQueuedTurns = (db: Queries, now: () => number) => ({
  ...createEndingReads(db),

  /** Turns first in their lanes whose waiting nobody sees yet, though they were accepted before `before`, ms since the epoch. Oldest first. */
  async unseenQueued(
    platform: string,
    { before, most }: { readonly before: number; readonly most: number },
  ): Promise<readonly Turn[]> {
    const rows = await db.q(
      `SELECT ${turnColumns} FROM turns WHERE ${WAITS} AND created_at <= $2 AND ${onPlatform("$1")}
         AND ${IS_HEAD} AND NOT ${IS_SHOWN} ORDER BY created_at, id LIMIT $3`,
      [platform, before, most],
    );
    return z.array(Turn).parse(rows);
  },

  /** People are about to see that a turn waits: from now on it is not withdrawn unseen. Undefined: it has started or ended. */
  async markQueued(id: TurnId, forMs: number): Promise<Turn | undefined> {
    return firstTurn(
      await db.q(
        `UPDATE turns SET queued_since = COALESCE(queued_since, $2), queued_until = COALESCE(queued_until, $3)
         WHERE id = $1 AND ${WAITS} RETURNING ${turnColumns}`,
        [id, now(), now() + forMs],
      ),
    );
  },

  /** Marks the turns that have waited as long as they may while somebody watched, `watchedMs` at most. */
  async expireQueued(watchedMs: number): Promise<void> {
    await db.q(
      `UPDATE turns SET expired_at = $1
       WHERE ${WAITS} AND queued_until <= $1 AND queued_until - queued_since <= $2`,
      [now(), watchedMs],
    );
  },
});

const createEndingReads = (db: Queries) => ({
  /** The turn, if it is queued and the first of its lane. */
  async queuedHead(id: TurnId): Promise<Turn | undefined> {
    return firstTurn(
      await db.q(
        `SELECT ${turnColumns} FROM turns WHERE id = $1 AND state = 'queued' AND ${IS_HEAD}`,
        [id],
      ),
    );
  },

  /** The turns that people see wait and that end without having run: expired ones, and those that somebody stopped. */
  async endingQueued(platform: string): Promise<readonly Turn[]> {
    const rows = await db.q(
      `SELECT ${turnColumns} FROM turns WHERE state = 'queued' AND epoch = 0 AND queued_since IS NOT NULL
         AND (cancel IS NOT NULL OR expired_at IS NOT NULL) AND ${IS_HEAD} AND ${onPlatform("$1")} ORDER BY created_at`,
      [platform],
    );
    return z.array(Turn).parse(rows);
  },
});

const onPlatform = (name: string): string =>
  `substr(conversation, 1, length(${name}) + 1) = ${name} || ':'`;
