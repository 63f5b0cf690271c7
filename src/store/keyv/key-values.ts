import { AsyncLocalStorage } from "node:async_hooks";
import { rmSync } from "node:fs";
import { join } from "node:path";
import KeyvSqlite from "@keyv/sqlite";
import { Keyv } from "keyv";
import type { KeyValuesByName } from "../../adapter-storage.ts";
import type { Database } from "../database.ts";
import { createKeyvTable, type KeyvStorage } from "./keyv-table.ts";
import { explainSqlite } from "../sqlite/explain-sqlite.ts";
import { StoreError } from "../store-error.ts";

export interface KeyValueStore {
  readonly of: KeyValuesByName;
  close(): Promise<void>;
}

export interface KeyValueOptions {
  readonly db: Database;
  /** The data folder, or ":memory:". */
  readonly dir: string;
  readonly onProblem: (problem: unknown) => void;
}

const HOUR_MS = 3_600_000;
/** How long a statement waits for another program's lock on the file. It blocks the process. */
const BUSY_MS = 2_000;

/** Stored in a separate file beside the embedded database, or in a PostgreSQL table that all processes share. */
export async function openKeyValues({
  db,
  dir,
  onProblem,
}: KeyValueOptions): Promise<KeyValueStore> {
  if (db.dialect === "postgres")
    return createKeyValues(createKeyvTable(db), "The database", onProblem);
  const path = dir === ":memory:" ? dir : join(dir, "kv.db");
  return createKeyValues(await openFile(path, onProblem), path, onProblem);
}

/** Recreates a damaged file, because it holds only caches. */
async function openFile(path: string, onProblem: (problem: unknown) => void) {
  const open = async () => {
    const options = { wal: true, busyTimeout: BUSY_MS, driver: "node:sqlite" } as const;
    const file = new KeyvSqlite({
      uri: `sqlite://${path}`,
      clearExpiredInterval: HOUR_MS,
      ...options,
    });
    await file.ready;
    return file;
  };
  try {
    return await open();
  } catch (error) {
    const problem = explainSqlite(error, path);
    if (!(problem instanceof StoreError) || problem.kind !== "damaged") throw problem;
    onProblem(
      new StoreError("damaged", `${path} was damaged. Parley recreates it; it held only caches.`, {
        cause: error,
      }),
    );
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    return open();
  }
}

/** Uses any Keyv storage. Error messages name `where`. */
export function createKeyValues(
  store: KeyvStorage,
  where: string,
  onProblem: (problem: unknown) => void,
): KeyValueStore {
  // Keyv reports a failed call only by an event, so each call listens for its own.
  const calls = new AsyncLocalStorage<{ failure?: unknown }>();
  const keyv = new Keyv({ store });
  keyv.on("error", (error: unknown) => {
    const call = calls.getStore();
    if (call) call.failure = error;
    else onProblem(explain(error, where));
  });
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    calls.run({}, async () => {
      const result = await work();
      const failure = calls.getStore()?.failure;
      if (failure !== undefined) throw explain(failure, where);
      return result;
    });
  return {
    of: (name) => ({
      get: (key) => attempt(() => keyv.get(`${name}/${key}`)),
      async set(key, value, ttlMs) {
        await attempt(() => keyv.set(`${name}/${key}`, value, ttlMs));
      },
      async take(key) {
        const value = await attempt(() => keyv.get(`${name}/${key}`));
        return (await attempt(() => keyv.delete(`${name}/${key}`))) ? value : undefined;
      },
    }),
    close: () => keyv.disconnect(),
  };
}

function explain(error: unknown, where: string): unknown {
  const problem = explainSqlite(error, where);
  if (problem instanceof StoreError) return problem;
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError("other", `${where} refused a key-value (${why}).`, { cause: error });
}
