import { z } from "zod";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const StoredBinding = z.object({
  value: z.string().nullable(),
  version: Int,
  by: z.string(),
  at: Int,
});

/** One version of a binding; without a value, the binding was removed. */
export type StoredBinding = z.infer<typeof StoredBinding>;

const columns = `value, version, written_by AS "by", at`;

/** The notice channel for the key of a changed binding. */
export const BINDING_CHANNEL = "binding_changed";

export interface BindingWrite {
  /** Null removes it. */
  readonly value: string | null;
  readonly by: string;
  readonly at: number;
  /** The version that this one replaces; 0 for a new binding. */
  readonly expected: number;
}

/** Which team answers where, with the full history. `teams` defines keys and values. */
export const createBindings = (db: Queries) => ({
  /** The current binding of each key, in the order given; null for none. */
  async get(keys: readonly string[]): Promise<readonly (BoundValue | null)[]> {
    if (keys.length === 0) return [];
    const rows = await db.q(
      `SELECT key, ${columns} FROM bindings b WHERE key IN (${keys.map((_, n) => `$${n + 1}`).join(", ")})
         AND version = (SELECT MAX(version) FROM bindings WHERE key = b.key)`,
      keys,
    );
    const latestOf = new Map(rows.map((row) => [row["key"], StoredBinding.parse(row)]));
    return keys.map((key) => bound(latestOf.get(key)));
  },

  /** The bindings of a key and of all keys below it (`key:…`), by key. */
  async list(key: string): Promise<readonly (BoundValue & { readonly key: string })[]> {
    const rows = await db.q(
      `SELECT key, ${columns} FROM bindings b WHERE value IS NOT NULL AND (key = $1 OR substr(key, 1, $3) = $2)
         AND version = (SELECT MAX(version) FROM bindings WHERE key = b.key) ORDER BY key`,
      [key, `${key}:`, key.length + 1],
    );
    return z.array(StoredBinding.extend({ key: z.string(), value: z.string() })).parse(rows);
  },

  /** False on a concurrent write; nothing has changed then. */
  put: (key: string, write: BindingWrite): Promise<boolean> =>
    db.tx(async (t) => {
      const current = await latest(t, key);
      if ((bound(current)?.version ?? 0) !== write.expected) return false;
      const written = await t.q(
        `INSERT INTO bindings (key, version, value, written_by, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key, version) DO NOTHING RETURNING key`,
        [key, (current?.version ?? 0) + 1, write.value, write.by, write.at],
      );
      if (written.length > 0) await t.notify(BINDING_CHANNEL, key);
      return written.length > 0;
    }),

  /** The audit trail of a key, newest first. */
  async history(key: string): Promise<readonly StoredBinding[]> {
    const rows = await db.q(
      `SELECT ${columns} FROM bindings WHERE key = $1 ORDER BY version DESC`,
      [key],
    );
    return z.array(StoredBinding).parse(rows);
  },
});

type BoundValue = StoredBinding & { readonly value: string };

async function latest(db: Queries, key: string): Promise<StoredBinding | undefined> {
  const [row] = await db.q(
    `SELECT ${columns} FROM bindings WHERE key = $1 ORDER BY version DESC LIMIT 1`,
    [key],
  );
  return row && StoredBinding.parse(row);
}

const bound = (stored: StoredBinding | undefined): BoundValue | null =>
  stored && stored.value !== null ? { ...stored, value: stored.value } : null;
