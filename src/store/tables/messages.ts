import { z } from "zod";
import { TurnId } from "../../ids.ts";
import type { ConversationId } from "../../ids.ts";
import type { AttachedFile, ThreadMessage } from "../../platform.ts";
import type { Queries, Value } from "../database.ts";
import { Int, json } from "../row.ts";
import { valueRows } from "./value-rows.ts";

// A history page fetched before a deletion may arrive after it. After this time, the platform's version is current again.
const DELETION_HOLDS_MS = 10 * 60_000;
/** Messages per statement. */
const AT_ONCE = 100;

const Person = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["person", "bot", "self"]),
});
const File = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
});
const Mark = z.object({
  turn: TurnId,
  kind: z.enum(["status", "final", "note"]),
  chunk: z.number(),
});

const Stored = z.object({
  id: z.string(),
  at: Int,
  author: json(Person),
  text: z.string(),
  files: json(z.array(File)),
  mark: json(Mark).nullable(),
});

/** Messages and deletions known from events. The platform remains authoritative. */
export const createMessages = (db: Queries, now: () => number) => ({
  ...createMessageReads(db),

  /** Upserts messages. A message deleted in the last ten minutes stays deleted. */
  async upsert(conversation: ConversationId, messages: readonly ThreadMessage[]): Promise<void> {
    const each = [...new Map(messages.map((message) => [message.id, message])).values()];
    for (let from = 0; from < each.length; from += AT_ONCE) {
      const params: Value[] = [now() - DELETION_HOLDS_MS];
      const some = each.slice(from, from + AT_ONCE);
      const rows = some.map((message) => [conversation, ...valuesOf(message)]);
      await db.q(
        `INSERT INTO messages (conversation, id, at, author, text, files, mark) VALUES ${valueRows(rows, params)}
         ON CONFLICT (conversation, id) DO UPDATE SET at = excluded.at, author = excluded.author, text = excluded.text,
           files = excluded.files, mark = excluded.mark, deleted_at = NULL
         WHERE messages.deleted_at IS NULL OR messages.deleted_at < $1`,
        params,
      );
    }
  },

  /** Erases the messages' contents and marks them as deleted. */
  remove: (conversation: ConversationId, ids: readonly string[]): Promise<void> =>
    db.tx(async (t) => {
      for (const id of ids) {
        await t.q(
          `INSERT INTO messages (conversation, id, at, author, text, files, deleted_at) VALUES ($1, $2, $3, '', '', '[]', $3)
           ON CONFLICT (conversation, id) DO UPDATE SET author = '', text = '', files = '[]', mark = NULL, deleted_at = $3`,
          [conversation, id, now()],
        );
      }
    }),
});

const createMessageReads = (db: Queries) => ({
  /** When a message was written, ms since the epoch; undefined if unknown. */
  async writtenAt(conversation: ConversationId, id: string): Promise<number | undefined> {
    const [row] = await db.q("SELECT at FROM messages WHERE conversation = $1 AND id = $2", [
      conversation,
      id,
    ]);
    return row && Int.parse(row["at"]);
  },

  /** The total number of characters known in a conversation. */
  async size(conversation: ConversationId): Promise<number> {
    const [row] = await db.q(
      "SELECT COALESCE(SUM(LENGTH(text)), 0) AS n FROM messages WHERE conversation = $1 AND deleted_at IS NULL",
      [conversation],
    );
    return Int.parse(row?.["n"]);
  },

  /** Oldest first. Files cannot be loaded, because only the platform has their bytes. */
  async list(conversation: ConversationId): Promise<readonly ThreadMessage[]> {
    const rows = await db.q(
      `SELECT id, at, author, text, files, mark FROM messages
       WHERE conversation = $1 AND deleted_at IS NULL ORDER BY at, id`,
      [conversation],
    );
    return z.array(Stored).parse(rows).map(revive);
  },
});

const valuesOf = (message: ThreadMessage) => [
  message.id,
  message.at,
  JSON.stringify(message.author),
  message.text,
  JSON.stringify(message.files.map((file) => File.parse(file))),
  message.mark ? JSON.stringify(message.mark) : null,
];

const revive = ({ mark, files, ...message }: z.infer<typeof Stored>): ThreadMessage => ({
  ...message,
  files: files.map(reviveFile),
  ...(mark && { mark }),
});

const reviveFile = (file: z.infer<typeof File>): AttachedFile => ({
  ...file,
  load: () =>
    Promise.reject(new Error(`${file.name} was not kept; it can only be read from the platform.`)),
});
