import { z } from "zod";
import type { Database, Queries, Value } from "./database.ts";
import { Int } from "./row.ts";
import { StoreError } from "./store-error.ts";

/** Rows per batch. */
const BATCH = 500;

const Table = z.object({ name: z.string() });
const Column = z.object({ name: z.string() });
const Count = z.object({ n: Int });
const Stored = z.looseObject({ copied_row: Int });
const Cell = z.union([z.string(), z.number(), z.null()]);

/** The tables with data in an embedded database. */
export async function tablesOf(db: Database): Promise<readonly string[]> {
  const rows = await db.q(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations' ORDER BY name",
  );
  return rows.map((row) => Table.parse(row).name);
}

export async function countRows(db: Queries, table: string): Promise<number> {
  const [row] = await db.q(`SELECT COUNT(*) AS n FROM ${table}`);
  return Count.parse(row).n;
}

/** Copies a table from an embedded database and verifies the row count. Throws a `StoreError` on a mismatch. */
export async function copyTable(from: Database, t: Queries, table: string): Promise<number> {
  const info = await from.q(`SELECT name FROM pragma_table_info('${table}')`);
  const columns = info.map((row) => Column.parse(row).name);
  for (let last = 0; ;) {
    const rows = await from.q(
      `SELECT rowid AS copied_row, * FROM ${table} WHERE rowid > $1 ORDER BY rowid LIMIT $2`,
      [last, BATCH],
    );
    if (rows.length === 0) break;
    const batch = rows.map((row) => Stored.parse(row));
    await insertAll(t, table, { columns, rows: batch });
    last = batch.at(-1)?.copied_row ?? last;
  }
  const [there, here] = [await countRows(from, table), await countRows(t, table)];
  if (there === here) return here;
  throw new StoreError(
    "other",
    `${table} has ${there} rows, but ${here} were copied. Nothing was moved. Try again when nothing uses either database.`,
  );
}

async function insertAll(
  t: Queries,
  table: string,
  { columns, rows }: { readonly columns: readonly string[]; readonly rows: readonly object[] },
): Promise<void> {
  const values: Value[] = [];
  const tuples = rows.map((row) => {
    const cells = new Map(Object.entries(row));
    const places = columns.map((column) => `$${values.push(Cell.parse(cells.get(column)))}`);
    return `(${places.join(", ")})`;
  });
  await t.q(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ${tuples.join(", ")}`, values);
}
