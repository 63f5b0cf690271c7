import { z } from "zod";
import { type ConversationId, TurnId } from "../../ids.ts";
import type { DeliveryMark } from "../../platform.ts";
import type { Queries, Value } from "../database.ts";
import { confirmTurn, turnUnderEpoch } from "./fence.ts";
import { createDeliveryRefusals } from "./delivery-refusals.ts";
import { Int } from "../row.ts";
import { FencedError } from "../store-error.ts";
import type { Turn } from "./turn.ts";

export type DeliveryKind = "status" | "final" | "note";

/** One message in the outbox. */
export const Delivery = z.object({
  turn: TurnId,
  chunk: Int,
  chunks: Int,
  /** `intended`: it may or may not have been posted. */
  state: z.enum(["intended", "posted"]),
  messageId: z.string().nullable(),
  /** This part's Markdown. */
  text: z.string(),
  /** The whole answer; only with the first part of a final, and only if that part is not the whole answer itself. */
  original: z.string().nullable(),
  /** The file name of the attached whole answer, if it is too long for parts. */
  fileName: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

const Posted = z.object({
  turn: TurnId,
  kind: z.enum(["status", "final", "note"]),
  chunk: Int,
  messageId: z.string(),
});

const DeliveryTimes = z.object({
  kind: z.enum(["status", "final", "note"]),
  chunk: Int,
  state: z.enum(["intended", "posted"]),
  /** Null in rows from versions that did not record it. */
  intendedAt: Int.nullable(),
  at: Int,
  limitsHit: Int.nullable(),
  limitedMs: Int.nullable(),
});
/** Times in milliseconds since the epoch. */
export type DeliveryTimes = z.infer<typeof DeliveryTimes>;

/** How many rate-limit responses a message received, and how long it waited in total. */
export interface LimitsHit {
  readonly hits: number;
  readonly ms: number;
}

interface PostedPart {
  readonly kind: DeliveryKind;
  readonly chunk: number;
  readonly messageId: string;
  readonly limits?: LimitsHit;
}

const columns = `turn, chunk, chunks, state, message_id AS "messageId", text, original, file_name AS "fileName"`;

/** How old a reply of the database may be, ms; well below the time after which another process takes over a silent one's turns. */
const FRESH_MS = 2_000;

/** The parts of a turn that the outbox needs. */
export type DeliveringTurn = Pick<Turn, "id" | "conversation" | "epoch">;

/** A message to deliver. */
export interface Intent {
  readonly kind: DeliveryKind;
  readonly parts: readonly string[];
  readonly original?: string;
  readonly fileName?: string;
}

/** An intent recorded in the outbox. */
export interface Intended {
  readonly rows: readonly Delivery[];
  /** True if no part can have been posted yet. */
  readonly fresh: boolean;
  /** The last time, ms since the epoch, when this process certainly owned the turn; valid only if nothing was awaited since. */
  readonly heldAt: number;
}

export type Deliveries = ReturnType<typeof createDeliveries>;

/** The outbox: records the intent before posting, then the message's id, so that nothing is posted twice or lost. Writes throw a `FencedError`. */
export const createDeliveries = (db: Queries, now: () => number) => ({
  ...createDeliveryReads(db),
  ...createDeliveryRefusals(db),

  /** Records an intent, unless the turn already has one of this kind. */
  async intend(turn: DeliveringTurn, intent: Intent): Promise<Intended> {
    const heldAt = now();
    const rows = await insert(db, turn, intent, heldAt);
    if (rows.length > 0) return { rows, fresh: true, heldAt };
    await confirmTurn(db, turn.id, turn.epoch);
    return { rows: await read(db, turn.id, intent.kind), fresh: false, heldAt: -Infinity };
  },

  /** Another way to say the same, before any part of it is posted: replaces the parts that are not. */
  async replace(turn: DeliveringTurn, intent: Intent): Promise<readonly Delivery[]> {
    await db.q(
      `DELETE FROM deliveries WHERE turn IN ${turnUnderEpoch(db)} AND kind = $3 AND state = 'intended'`,
      [turn.id, turn.epoch, intent.kind],
    );
    await insert(db, turn, intent, now());
    await confirmTurn(db, turn.id, turn.epoch);
    return read(db, turn.id, intent.kind);
  },

  posted: (turn: DeliveringTurn, { kind, chunk, messageId, limits }: PostedPart): Promise<void> =>
    update(db, turn, kind, { state: "posted", chunk, messageId, at: now(), limits }),

  /** Call when the status was deleted on the platform, so that a new one is posted. */
  reopenStatus: (turn: DeliveringTurn): Promise<void> =>
    update(db, turn, "status", { state: "intended", chunk: 0, messageId: null, at: now() }),

  /** The last ownership check before a post. Throws a `FencedError` if another process owns the turn. `heldAt`: when this process certainly owned it. */
  async confirm(turn: DeliveringTurn, heldAt = -Infinity): Promise<void> {
    let askedAt = heldAt;
    // A process that was frozen meanwhile would trust an outdated reply.
    while (now() - askedAt > FRESH_MS) {
      askedAt = now();
      await confirmTurn(db, turn.id, turn.epoch);
    }
  },
});

const createDeliveryReads = (db: Queries) => ({
  /** The posted messages of a turn, by chunk. */
  list: (turn: TurnId, kind: DeliveryKind): Promise<readonly Delivery[]> => read(db, turn, kind),

  /** The kind of each posted message in a conversation, by its platform id. */
  marks: async (conversation: ConversationId): Promise<ReadonlyMap<string, DeliveryMark>> => {
    const rows = await db.q(
      `SELECT turn, kind, chunk, message_id AS "messageId" FROM deliveries WHERE conversation = $1 AND message_id IS NOT NULL`,
      [conversation],
    );
    return new Map(
      z
        .array(Posted)
        .parse(rows)
        .map(({ messageId, ...mark }) => [messageId, mark]),
    );
  },

  /** The posting times of a turn's messages, to explain slow answers; oldest first. */
  times: async (turn: TurnId): Promise<readonly DeliveryTimes[]> =>
    z.array(DeliveryTimes).parse(
      await db.q(
        `SELECT kind, chunk, state, intended_at AS "intendedAt", at, limits_hit AS "limitsHit", limited_ms AS "limitedMs"
         FROM deliveries WHERE turn = $1 ORDER BY COALESCE(intended_at, at), chunk`,
        [turn],
      ),
    ),

  /** The original texts of final answers. Turns without one are absent. */
  originals: async (
    turns: readonly TurnId[],
  ): Promise<ReadonlyMap<TurnId, { text: string; parts: readonly string[] }>> => {
    const found = new Map<TurnId, { text: string; parts: readonly string[] }>();
    for (const turn of turns) {
      const rows = await read(db, turn, "final");
      const text = rows[0]?.original ?? (rows.length === 1 ? rows[0]?.text : undefined);
      const posted = rows.filter(({ state }) => state === "posted");
      if (text) found.set(turn, { text, parts: posted.map((row) => row.text) });
    }
    return found;
  },
});

async function read(db: Queries, turn: TurnId, kind: DeliveryKind): Promise<readonly Delivery[]> {
  const rows = await db.q(
    `SELECT ${columns} FROM deliveries WHERE turn = $1 AND kind = $2 ORDER BY chunk`,
    [turn, kind],
  );
  return z.array(Delivery).parse(rows);
}

/** Inserts all parts of an intent. Returns no rows if the turn already has this kind, or is fenced. */
async function insert(
  db: Queries,
  { id, epoch, conversation }: DeliveringTurn,
  { kind, parts, original, fileName }: Intent,
  at: number,
): Promise<readonly Delivery[]> {
  const params: Value[] = [id, epoch, kind, parts.length, conversation];
  const isWhole = parts.length === 1 && parts[0] === original;
  params.push(isWhole ? null : (original ?? null), fileName ?? null, at);
  const values = parts.map((text, chunk) => `(${chunk}, CAST($${params.push(text)} AS TEXT))`);
  const rows = await db.q(
    `INSERT INTO deliveries (turn, kind, chunk, chunks, conversation, state, text, original, file_name, at, intended_at)
     SELECT held.id, $3, part.column1, CAST($4 AS BIGINT), $5, 'intended', part.column2,
       CASE WHEN part.column1 = 0 THEN $6 END, $7, CAST($8 AS BIGINT), CAST($8 AS BIGINT)
     FROM ${turnUnderEpoch(db)} AS held CROSS JOIN (VALUES ${values.join(", ")}) AS part
     WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE turn = $1 AND kind = $3)
     RETURNING ${columns}`,
    params,
  );
  return z
    .array(Delivery)
    .parse(rows)
    .toSorted((a, b) => a.chunk - b.chunk);
}

interface Change {
  readonly state: Delivery["state"];
  readonly chunk: number;
  readonly messageId: string | null;
  readonly at: number;
  readonly limits?: LimitsHit | undefined;
}

async function update(
  db: Queries,
  { id, epoch }: DeliveringTurn,
  kind: DeliveryKind,
  { state, chunk, messageId, at, limits }: Change,
): Promise<void> {
  // Limiters reckon in fractions, which PostgreSQL's whole numbers refuse.
  const limitedMs = limits ? Math.ceil(limits.ms) : null;
  const changed = await db.q(
    `UPDATE deliveries SET state = $5, message_id = $6, at = $7, limits_hit = $8, limited_ms = $9
     FROM ${turnUnderEpoch(db)} AS held
     WHERE deliveries.turn = held.id AND deliveries.kind = $3 AND deliveries.chunk = $4 RETURNING chunk`,
    [id, epoch, kind, chunk, state, messageId, at, limits?.hits ?? null, limitedMs],
  );
  if (changed.length === 0) throw new FencedError(id, epoch);
}
