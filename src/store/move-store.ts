import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { copyTable, countRows, tablesOf } from "./copy-tables.ts";
import { lockDataFolder } from "./sqlite/data-lock.ts";
import type { Database, Queries } from "./database.ts";
import { nameOfPostgres, openPostgres } from "./postgres/open-postgres.ts";
import { markMoved } from "./sqlite/moved-mark.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { Int } from "./row.ts";
import { createStore } from "./store.ts";
import { explainSqlite } from "./sqlite/explain-sqlite.ts";
import { StoreError } from "./store-error.ts";

export interface MoveOptions {
  /** The file of an embedded database that is not in use. */
  readonly from: string;
  /** A PostgreSQL database. */
  readonly to: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface MoveReport {
  /** The target's name, without its password. */
  readonly where: string;
  /** When an earlier move copied it, so that nothing was done now; else null. */
  readonly movedBefore: number | null;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Unfinished turns. Parley resumes them when it starts on the target. */
  readonly unfinished: number;
}

/**
 * Copies an embedded database to PostgreSQL, all or nothing. Idempotent. Leaves the file's data unchanged and marks it, so that Parley
 * refuses to start on it. Rejects with a `StoreError` if the file is in use, the target has other data, or the file was used after a move.
 */
export async function moveStore(options: MoveOptions): Promise<MoveReport> {
  const { from, to, pid, now } = options;
  const where = nameOfPostgres(to);
  if (!existsSync(from)) {
    throw new StoreError("other", `There is no database ${from}. Name the file with --from.`);
  }
  checkIsParley(from);
  const unlock = lockDataFolder(dirname(from), pid);
  try {
    const source = await createStore(openSqlite(from), now);
    try {
      const target = await createStore(await openPostgres(to), now);
      try {
        const moved = await moveRows(source.db, target.db, { from, where, now });
        markMoved(from, where, moved.movedBefore ?? now());
        return { where, ...moved };
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } finally {
    unlock();
  }
}

/** Runs before anything is written to or beside the file. */
function checkIsParley(from: string): void {
  try {
    const file = new DatabaseSync(from, { readOnly: true });
    try {
      const tables = file.prepare(
        "SELECT 1 FROM sqlite_master WHERE name IN ('migrations', 'turns')",
      );
      if (tables.all().length === 2) return;
    } finally {
      file.close();
    }
  } catch (error) {
    throw explainSqlite(error, from);
  }
  throw new StoreError(
    "other",
    `${from} is not a Parley database. Name its parley.db with --from. Nothing was changed.`,
  );
}

interface Names {
  readonly from: string;
  readonly where: string;
  readonly now: () => number;
}

const Origin = z.object({ id: z.string(), at: Int });

async function moveRows(source: Database, target: Database, names: Names) {
  const origin = await originOf(source, names.now);
  const tables = await tablesOf(source);
  return target.tx(async (t) => {
    // Otherwise two concurrent moves would both find the target empty.
    await t.q("SELECT pg_advisory_xact_lock(hashtext('parley move'))");
    const before = await t.q("SELECT id, at FROM origins WHERE id = $1", [origin]);
    const isNew = before.length === 0;
    if (isNew) await refuseOthers(t, tables, names);
    else await refuseChanged(source, t, names);
    const counts = [];
    for (const name of tables) {
      const rows = isNew ? await copyTable(source, t, name) : await countRows(t, name);
      counts.push({ name, rows });
    }
    const movedBefore = isNew ? null : Origin.parse(before[0]).at;
    return { movedBefore, tables: counts, unfinished: await unfinishedTurns(t) };
  });
}

/** The database's unique id. Assigns one if it has none. */
async function originOf(db: Database, now: () => number): Promise<string> {
  const [known] = await db.q("SELECT id, at FROM origins ORDER BY at DESC LIMIT 1");
  if (known) return Origin.parse(known).id;
  const id = randomUUID();
  await db.q("INSERT INTO origins (id, at) VALUES ($1, $2)", [id, now()]);
  return id;
}

async function refuseOthers(
  t: Queries,
  tables: readonly string[],
  { where }: Names,
): Promise<void> {
  for (const name of tables) {
    const rows = await countRows(t, name);
    if (rows === 0) continue;
    throw new StoreError(
      "other",
      `${where} holds other data: ${name} has ${rows} rows. Nothing was changed. Move into an empty database.`,
    );
  }
}

/** A file that was used after the move has turns that the target lacks. The two cannot be merged. */
async function refuseChanged(source: Database, t: Queries, { from, where }: Names): Promise<void> {
  const Ids = z.array(z.object({ id: z.string() }));
  const all = "SELECT id FROM turns";
  const moved = new Set(Ids.parse(await t.q(all)).map(({ id }) => id));
  const newer = Ids.parse(await source.q(all)).filter(({ id }) => !moved.has(id)).length;
  if (newer === 0) return;
  throw new StoreError(
    "other",
    `${from} has been used since it was moved to ${where}: ${newer} of its turns are missing there. Nothing was changed. Start Parley with DATABASE_URL only; to keep the file's turns instead, move it into an empty database.`,
  );
}

async function unfinishedTurns(t: Queries): Promise<number> {
  const [row] = await t.q("SELECT COUNT(*) AS n FROM turns WHERE state <> 'done'");
  return Int.parse(row?.["n"]);
}
