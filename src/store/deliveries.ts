import { z } from "zod";
import { type ConversationId, TurnId } from "../ids.ts";
import type { DeliveryMark } from "../platform.ts";
import type { Queries } from "./database.ts";
import { confirmTurn, holdTurn } from "./fence.ts";
import { Int } from "./row.ts";
import type { Turn } from "./turn.ts";

export type DeliveryKind = "status" | "final" | "note";

/** One message on its way to a platform. */
export const Delivery = z.object({
  turn: TurnId,
  chunk: Int,
  chunks: Int,
  /** `intended`: it may have been posted, or not. */
  state: z.enum(["intended", "posted"]),
  messageId: z.string().nullable(),
  /** This part's Markdown. */
  text: z.string(),
  /** The whole answer; with the first part of a final. */
  original: z.string().nullable(),
  /** Under which name the whole answer is attached, when it is too long for parts. */
  fileName: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

const Posted = z.object({
  turn: TurnId,
  kind: z.enum(["status", "final", "note"]),
  chunk: Int,
  messageId: z.string(),
});

const columns = `turn, chunk, chunks, state, message_id AS "messageId", text, original, file_name AS "fileName"`;

/** How old an answer may be, ms; well below the time after which a silent process's turns are taken over. */
const FRESH_MS = 2_000;

/** What the ledger needs of a turn. */
export type DeliveringTurn = Pick<Turn, "id" | "conversation" | "epoch">;

/** What is to be delivered. */
export interface Intent {
  readonly kind: DeliveryKind;
  readonly parts: readonly string[];
  readonly original?: string;
  readonly fileName?: string;
}

export type Deliveries = ReturnType<typeof createDeliveries>;

/** The ledger of everything posted: intent first, then the message's id, so that nothing is posted twice or forgotten. Writes throw a `FencedError`. */
export const createDeliveries = (db: Queries, now: () => number) => ({
  ...createDeliveryReads(db),

  /** Records an intent, unless that turn has one of the kind already. `fresh`: nothing of it can have been posted yet. */
  intend: (
    turn: DeliveringTurn,
    intent: Intent,
  ): Promise<{ rows: readonly Delivery[]; fresh: boolean }> =>
    db.tx(async (t) => {
      await holdTurn(t, turn.id, turn.epoch);
      const known = await read(t, turn.id, intent.kind);
      if (known.length > 0) return { rows: known, fresh: false };
      for (const chunk of intent.parts.keys()) await insert(t, turn, intent, { chunk, at: now() });
      return { rows: await read(t, turn.id, intent.kind), fresh: true };
    }),

  posted: (
    turn: DeliveringTurn,
    { kind, chunk, messageId }: { kind: DeliveryKind; chunk: number; messageId: string },
  ): Promise<void> =>
    db.tx(async (t) => {
      await holdTurn(t, turn.id, turn.epoch);
      await t.q(
        "UPDATE deliveries SET state = 'posted', message_id = $4, at = $5 WHERE turn = $1 AND kind = $2 AND chunk = $3",
        [turn.id, kind, chunk, messageId, now()],
      );
    }),

  /** The posted status is gone from the platform; another is to be posted. */
  reopenStatus: (turn: DeliveringTurn): Promise<void> =>
    db.tx(async (t) => {
      await holdTurn(t, turn.id, turn.epoch);
      await t.q(
        "UPDATE deliveries SET state = 'intended', message_id = NULL WHERE turn = $1 AND kind = 'status'",
        [turn.id],
      );
    }),

  /** Throws a `FencedError` when somebody else has started the turn: the last look before a post. */
  async confirm(turn: DeliveringTurn): Promise<void> {
    let askedAt;
    do {
      askedAt = now();
      await confirmTurn(db, turn.id, turn.epoch);
      // A process that was frozen meanwhile would take an old yes for a new one.
    } while (now() - askedAt > FRESH_MS);
  },
});

const createDeliveryReads = (db: Queries) => ({
  /** What was posted for a turn, by chunk. */
  list: (turn: TurnId, kind: DeliveryKind): Promise<readonly Delivery[]> => read(db, turn, kind),

  /** What each posted message of a conversation is, by its id on the platform. */
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

  /** The original texts of final answers; turns without one are absent. */
  originals: async (
    turns: readonly TurnId[],
  ): Promise<ReadonlyMap<TurnId, { text: string; parts: readonly string[] }>> => {
    const found = new Map<TurnId, { text: string; parts: readonly string[] }>();
    for (const turn of turns) {
      const rows = await read(db, turn, "final");
      const text = rows[0]?.original;
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

async function insert(
  t: Queries,
  turn: DeliveringTurn,
  { kind, parts, original, fileName }: Intent,
  { chunk, at }: { chunk: number; at: number },
): Promise<void> {
  await t.q(
    `INSERT INTO deliveries (turn, kind, chunk, chunks, conversation, state, text, original, file_name, at)
     VALUES ($1, $2, $3, $4, $5, 'intended', $6, $7, $8, $9)`,
    [
      turn.id,
      kind,
      chunk,
      parts.length,
      turn.conversation,
      parts[chunk] ?? "",
      chunk === 0 ? (original ?? null) : null,
      fileName ?? null,
      at,
    ],
  );
}
