import { z } from "zod";
import { type ConversationId, TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";
import { FencedError } from "../store-error.ts";
import type { Turn } from "./turn.ts";

/** How many times `settle` the messages of one request may span. */
const LONGEST_SPAN = 3;

/** A message that may belong to the request before it. */
export interface Follower {
  readonly conversation: ConversationId;
  /** Its id. */
  readonly message: string;
  /** The writer, `{platform}:{person id}`. */
  readonly person: string;
  /** When it was written, ms since the epoch. */
  readonly at: number;
  readonly settleMs: number;
}

/** The further messages of requests. The first one is the request of the turn. */
export const createFragments = (db: Queries, now: () => number) => ({
  ...createFragmentReads(db),

  /**
   * Makes a message part of the request of its writer's newest turn, if that turn still waits for more, and lets it wait on. Undefined: no such
   * turn waits. Runs in the transaction that stores the message: a turn that closes meanwhile waits for it, or refuses it.
   */
  async join({
    conversation,
    message,
    person,
    at,
    settleMs,
  }: Follower): Promise<TurnId | undefined> {
    const span = LONGEST_SPAN * settleMs;
    const [turn] = await db.q(
      `UPDATE turns SET settles_at = CASE WHEN $4 < created_at + $5 THEN $4 ELSE created_at + $5 END
       WHERE id = (SELECT turns.id FROM turns JOIN messages
           ON messages.conversation = turns.conversation AND messages.id = turns.request
           WHERE turns.conversation = $1 AND person = $2 AND state <> 'done' AND cancel IS NULL AND settles_at > $3
             AND messages.at BETWEEN $6 AND $7
           ORDER BY turns.seq DESC LIMIT 1)
         AND cancel IS NULL AND settles_at > $3 RETURNING id, request`,
      [conversation, person, now(), now() + settleMs, span, at - span, at + span],
    );
    if (!turn) return undefined;
    const { id, request } = Joined.parse(turn);
    await db.q(
      "INSERT INTO fragments (conversation, message, request) VALUES ($1, $2, $3) ON CONFLICT (conversation, message) DO NOTHING",
      [conversation, message, request],
    );
    return id;
  },

  /** Lets a turn take no more messages, unless its wait is another one than `seen`. Returns when that ends; null: it is over. Throws a `FencedError`. */
  async close({ id, epoch }: Pick<Turn, "id" | "epoch">, seen: number): Promise<number | null> {
    const close = "UPDATE turns SET settles_at = NULL WHERE id = $1 AND epoch = $2 AND settles_at";
    const closed = await db.q(`${close} = $3 RETURNING id`, [id, epoch, seen]);
    if (closed.length > 0) return null;
    const [turn] = await db.q("SELECT epoch, settles_at FROM turns WHERE id = $1", [id]);
    if (!turn || Int.parse(turn["epoch"]) !== epoch) throw new FencedError(id, epoch);
    return Int.nullable().parse(turn["settles_at"]);
  },

  promote: createPromote(db),
});

const Joined = z.object({ id: TurnId, request: z.string() });

const createFragmentReads = (db: Queries) => ({
  /** The further messages of a request that are not deleted, oldest first. */
  async of(conversation: ConversationId, request: string): Promise<readonly string[]> {
    const rows = await db.q(
      `SELECT fragments.message FROM fragments JOIN messages
         ON messages.conversation = fragments.conversation AND messages.id = fragments.message
       WHERE fragments.conversation = $1 AND fragments.request = $2 AND messages.deleted_at IS NULL
       ORDER BY messages.at, messages.id`,
      [conversation, request],
    );
    return rows.map((row) => z.string().parse(row["message"]));
  },

  /** The request that a message is part of; its own id where it is no fragment. */
  async requestOf(conversation: ConversationId, message: string): Promise<string> {
    const [row] = await db.q(
      "SELECT request FROM fragments WHERE conversation = $1 AND message = $2",
      [conversation, message],
    );
    return row ? z.string().parse(row["request"]) : message;
  },
});

/** The first message of a request was deleted: the oldest of the others takes its place. Undefined: there is none. */
const createPromote =
  (db: Queries) =>
  (conversation: ConversationId, request: string): Promise<string | undefined> =>
    db.tx(async (t) => {
      const [next] = await createFragmentReads(t).of(conversation, request);
      if (next === undefined) return undefined;
      const params = [conversation, request, next];
      for (const moved of [
        "UPDATE turns SET request = $3 WHERE conversation = $1 AND request = $2",
        "UPDATE fragments SET request = $3 WHERE conversation = $1 AND request = $2",
        // It stays known as deleted: a proxy may still post it anew.
        "UPDATE fragments SET message = $2 WHERE conversation = $1 AND message = $3",
      ]) {
        await t.q(moved, params);
      }
      return next;
    });
