import { z } from "zod";
import { ConversationId } from "../ids.ts";
import type { TurnId } from "../ids.ts";
import type { Queries, Value } from "./database.ts";
import { Int } from "./row.ts";
import { Turn, firstTurn, turnColumns } from "./turn.ts";

const turnsWhere = (db: Queries, rest: string, params: readonly Value[]) =>
  db.q(`SELECT ${turnColumns} FROM turns WHERE ${rest}`, params);

/** What is known of turns. */
export const createTurnReads = (db: Queries) => ({
  ...createLaneReads(db),

  async get(id: TurnId): Promise<Turn | undefined> {
    return firstTurn(await turnsWhere(db, "id = $1", [id]));
  },

  /** The turn that is running in a conversation, or was when its process died. */
  async running(conversation: ConversationId): Promise<Turn | undefined> {
    const where = "conversation = $1 AND state = 'running' ORDER BY seq LIMIT 1";
    return firstTurn(await turnsWhere(db, where, [conversation]));
  },

  /** The next turn to run in a conversation: the earliest that is not done. */
  async head(conversation: ConversationId): Promise<Turn | undefined> {
    const where = "conversation = $1 AND state <> 'done' ORDER BY seq LIMIT 1";
    return firstTurn(await turnsWhere(db, where, [conversation]));
  },

  /** A conversation's turns, newest first. */
  async recent(conversation: ConversationId, limit: number): Promise<readonly Turn[]> {
    const where = "conversation = $1 ORDER BY seq DESC LIMIT $2";
    return z.array(Turn).parse(await turnsWhere(db, where, [conversation, limit]));
  },
});

/** What waits in the conversations' lanes. */
const createLaneReads = (db: Queries) => ({
  /** The turns of a conversation that have not begun, in their order. */
  async waiting(conversation: ConversationId): Promise<readonly Turn[]> {
    const where = "conversation = $1 AND state = 'queued' ORDER BY seq";
    return z.array(Turn).parse(await turnsWhere(db, where, [conversation]));
  },

  /** How many turns wait in one conversation; null: in all. */
  async queued(conversation: ConversationId | null): Promise<number> {
    const [row] = await db.q(
      "SELECT COUNT(*) AS n FROM turns WHERE state = 'queued' AND conversation = COALESCE($1, conversation)",
      [conversation],
    );
    return Int.parse(row?.["n"]);
  },

  /** How many turns of its conversation end before this one starts. */
  async ahead({ conversation, seq }: Pick<Turn, "conversation" | "seq">): Promise<number> {
    const [row] = await db.q(
      "SELECT COUNT(*) AS n FROM turns WHERE conversation = $1 AND seq < $2 AND state <> 'done'",
      [conversation, seq],
    );
    return Int.parse(row?.["n"]);
  },

  /** The conversations with a turn to run: interrupted ones first, then the longest waiting. */
  async lanes(): Promise<readonly ConversationId[]> {
    const rows = await db.q(
      "SELECT conversation FROM turns WHERE state <> 'done' GROUP BY conversation ORDER BY MAX(state) DESC, MIN(created_at)",
    );
    return rows.map((row) => ConversationId.parse(row["conversation"]));
  },
});
