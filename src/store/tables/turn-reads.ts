import { z } from "zod";
import { ConversationId, formatConversationId } from "../../ids.ts";
import type { Place, TurnId } from "../../ids.ts";
import type { Queries, Row, Value } from "../database.ts";
import { Int } from "../row.ts";
import { Turn, firstTurn, turnColumns } from "./turn.ts";

const turnsWhere = (db: Queries, rest: string, params: readonly Value[]) =>
  db.q(`SELECT ${turnColumns} FROM turns WHERE ${rest}`, params);

export interface ChannelThreads {
  readonly running: readonly ConversationId[];
  readonly latest: ConversationId | null;
}

/** Queries for turns. */
export const createTurnReads = (db: Queries) => ({
  ...createLaneReads(db),
  ...createTimeReads(db),

  async get(id: TurnId): Promise<Turn | undefined> {
    return firstTurn(await turnsWhere(db, "id = $1", [id]));
  },

  /** The running turn of a conversation, or the one whose process died. */
  async running(conversation: ConversationId): Promise<Turn | undefined> {
    const where = "conversation = $1 AND state = 'running' ORDER BY seq LIMIT 1";
    return firstTurn(await turnsWhere(db, where, [conversation]));
  },

  /** The running turn of a conversation, or the next one if people see it wait. */
  async open(conversation: ConversationId): Promise<Turn | undefined> {
    const where = `conversation = $1 AND (state = 'running' OR (state = 'queued' AND epoch = 0 AND queued_since IS NOT NULL)) ORDER BY seq LIMIT 1`;
    return firstTurn(await turnsWhere(db, where, [conversation]));
  },

  /** The next turn to run in a conversation: the earliest unfinished one. */
  async head(conversation: ConversationId): Promise<Turn | undefined> {
    const where = "conversation = $1 AND state <> 'done' ORDER BY seq LIMIT 1";
    return firstTurn(await turnsWhere(db, where, [conversation]));
  },

  /** The threads of a channel with running turns, and the thread with the newest turn. */
  async threads(channel: Omit<Place, "thread">): Promise<ChannelThreads> {
    const prefix = formatConversationId({ ...channel, thread: "1" }).slice(0, -1);
    const within = "substr(conversation, 1, $2) = $1";
    const of = (rest: string) =>
      db.q(`SELECT conversation FROM turns WHERE ${within} ${rest}`, [prefix, prefix.length]);
    // A turn with a turn_ended event is only posting its answer.
    const ended = "EXISTS (SELECT 1 FROM journal WHERE turn = turns.id AND type = 'turn_ended')";
    const running = await of(`AND state = 'running' AND NOT ${ended} ORDER BY created_at`);
    const latest = await of("ORDER BY created_at DESC LIMIT 1");
    const read = (rows: readonly Row[]) =>
      rows.map((row) => ConversationId.parse(row["conversation"]));
    return { running: read(running), latest: read(latest)[0] ?? null };
  },

  /** A conversation's turns, newest first. */
  async recent(conversation: ConversationId, limit: number): Promise<readonly Turn[]> {
    const where = "conversation = $1 ORDER BY seq DESC LIMIT $2";
    return z.array(Turn).parse(await turnsWhere(db, where, [conversation, limit]));
  },
});

/** Queries that explain when a turn ran. */
const createTimeReads = (db: Queries) => ({
  /** When the previous turn in its lane ended, ms since the epoch; null if none has. */
  async endedBefore({
    conversation,
    seq,
  }: Pick<Turn, "conversation" | "seq">): Promise<number | null> {
    const [row] = await db.q(
      "SELECT MAX(ended_at) AS at FROM turns WHERE conversation = $1 AND seq < $2",
      [conversation, seq],
    );
    return Int.nullable().parse(row?.["at"]);
  },

  /** The newest turn overall. */
  async latest(): Promise<Turn | undefined> {
    return firstTurn(await turnsWhere(db, "1 = 1 ORDER BY created_at DESC, id DESC LIMIT 1", []));
  },
});

const Owned = z.object({ owner: z.string(), conversation: ConversationId });

/** Queries for queued turns. */
const createLaneReads = (db: Queries) => ({
  /** The queued turns of a conversation, in order. */
  async waiting(conversation: ConversationId): Promise<readonly Turn[]> {
    const where = "conversation = $1 AND state = 'queued' ORDER BY seq";
    return z.array(Turn).parse(await turnsWhere(db, where, [conversation]));
  },

  /** The number of queued turns in a conversation; null: in all. */
  async queued(conversation: ConversationId | null): Promise<number> {
    const [row] = await db.q(
      "SELECT COUNT(*) AS n FROM turns WHERE state = 'queued' AND conversation = COALESCE($1, conversation)",
      [conversation],
    );
    return Int.parse(row?.["n"]);
  },

  /** The owners of running turns, except one, with the turns' conversations. Includes dead processes. */
  async ownedByOthers(
    owner: string,
  ): Promise<readonly { readonly owner: string; readonly conversation: ConversationId }[]> {
    const rows = await db.q(
      "SELECT owner, conversation FROM turns WHERE state = 'running' AND owner <> $1 ORDER BY owner, seq",
      [owner],
    );
    return z.array(Owned).parse(rows);
  },

  /** The conversations with unfinished turns: interrupted ones first, then by waiting time. */
  async lanes(): Promise<readonly ConversationId[]> {
    const rows = await db.q(
      "SELECT conversation FROM turns WHERE state <> 'done' GROUP BY conversation ORDER BY MAX(state) DESC, MIN(created_at)",
    );
    return rows.map((row) => ConversationId.parse(row["conversation"]));
  },
});
