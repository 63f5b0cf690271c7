import { keyvStorageCapability, type KeyvStorageAdapter, type KeyvStorageEntry } from "keyv";
import { z } from "zod";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

/** The methods that Keyv calls on a storage. Failures reject, so it emits no events. */
export type KeyvStorage = Pick<
  KeyvStorageAdapter,
  | "capabilities"
  | "get"
  | "set"
  | "delete"
  | "has"
  | "clear"
  | "getMany"
  | "setMany"
  | "hasMany"
  | "deleteMany"
>;

const Entry = z.object({ key: z.string(), value: z.string(), expires: Int.nullable() });

const upsert = `INSERT INTO key_values (key, value, expires) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`;

/** One write in this many deletes expired rows. */
const SWEEP_EVERY = 500;

/** A Keyv storage in a table of Parley's database. Each call rejects when the database does. */
export function createKeyvTable(db: Queries): KeyvStorage {
  let writes = 0;
  const read = async (key: string): Promise<string | undefined> => {
    const [row] = await db.q("SELECT key, value, expires FROM key_values WHERE key = $1", [key]);
    const { value, expires } = row ? Entry.parse(row) : { value: undefined, expires: null };
    return expires === null || expires > Date.now() ? value : undefined;
  };
  const write = async (key: string, value: unknown, expires?: number): Promise<boolean> => {
    if (++writes % SWEEP_EVERY === 0)
      await db.q("DELETE FROM key_values WHERE expires <= $1", [Date.now()]);
    await db.q(upsert, [key, String(value), expires ?? null]);
    return true;
  };
  const remove = async (key: string): Promise<boolean> =>
    (await db.q("DELETE FROM key_values WHERE key = $1 RETURNING key", [key])).length > 0;
  const each = <T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> =>
    Promise.all(all.map(one));

  const table = {
    get: read,
    set: write,
    delete: remove,
    has: async (key: string) => (await read(key)) !== undefined,
    clear: async () => void (await db.q("DELETE FROM key_values")),
    getMany: async (keys: string[]) => each(keys, read),
    setMany: async (entries: KeyvStorageEntry<unknown>[]) =>
      each(entries, ({ key, value, expires }) => write(key, value, expires)),
    hasMany: async (keys: string[]) => each(keys, async (key) => (await read(key)) !== undefined),
    deleteMany: async (keys: string[]) => each(keys, remove),
  };
  return { ...table, capabilities: keyvStorageCapability(table) };
}
