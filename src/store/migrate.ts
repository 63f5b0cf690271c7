import type { Database, Queries } from "./database.ts";
import { type Migration, migrations } from "./migrations.ts";
import { StoreError } from "./store-error.ts";
import { Int } from "./row.ts";

/**
 * Migrates the schema in one transaction. Safe in several processes at once. Throws a `StoreError` if a newer version has written the
 * database. `known`: the migrations of this version.
 */
export const migrate = (
  db: Database,
  now: () => number,
  known: readonly Migration[] = migrations,
): Promise<void> =>
  db.tx(async (t) => {
    // Concurrent CREATE TABLE statements for one table would fail.
    if (t.dialect === "postgres") {
      await t.q("SELECT pg_advisory_xact_lock(hashtext('parley migrations'))");
    }
    const current = await schemaVersion(t);
    if (current > known.length) {
      throw new StoreError(
        "other",
        `The database is at version ${current}, this Parley knows ${known.length}: it was written by a newer one. Upgrade Parley, or restore the backup made before that upgrade.`,
      );
    }
    for (const [i, { name, sql }] of known.entries()) {
      if (i < current) continue;
      for (const statement of sql) await t.q(statement);
      await t.q("INSERT INTO migrations (version, name, at) VALUES ($1, $2, $3)", [
        i + 1,
        name,
        now(),
      ]);
    }
  });

async function schemaVersion(t: Queries): Promise<number> {
  await t.q(
    "CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)",
  );
  const [row] = await t.q("SELECT COALESCE(MAX(version), 0) AS version FROM migrations");
  return Int.parse(row?.["version"]);
}
