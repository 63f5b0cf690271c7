import type { Database } from "./database.ts";
import { migrations } from "./migrations.ts";
import { StoreError } from "./store-error.ts";
import { Int } from "./row.ts";

/** Brings the schema up to date, each step whole or not at all. Throws a `StoreError` on a database that a newer version has written. */
export async function migrate(db: Database, now: () => number): Promise<void> {
  await db.q(
    "CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)",
  );
  const [row] = await db.q("SELECT COALESCE(MAX(version), 0) AS version FROM migrations");
  const current = Int.parse(row?.["version"]);
  if (current > migrations.length) {
    throw new StoreError(
      "other",
      `The database is at version ${current}, this Parley knows ${migrations.length}: it was written by a newer one. Upgrade Parley, or restore the backup made before that upgrade.`,
    );
  }
  for (const [i, { name, sql }] of migrations.entries()) {
    if (i < current) continue;
    await db.tx(async (t) => {
      for (const statement of sql) await t.q(statement);
      await t.q("INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)", [
        i + 1,
        name,
        now(),
      ]);
    });
  }
}
