import { describe, expect, test } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations.ts";
import { createStore } from "../../src/store/store.ts";
import { turnId } from "./store-bench.ts";

const now = () => 1;

/** How every database is brought up to date; `open` gives an empty one. */
export function migrationsContract(name: string, open: () => Promise<Database>): void {
  /** As the version that knew so many migrations left it, with a turn that waits. */
  const openEarlier = async (version: number) => {
    const db = await open();
    await migrate(db, now, migrations.slice(0, version));
    await db.q(
      `INSERT INTO turns (id, conversation, seq, state, request, person, team, epoch, attempts, inbox_open, created_at)
       VALUES ('t', 'test:space:channel:thread', 1, 'queued', 'm', 'test:ada', '{}', 0, 0, 1, 1)`,
    );
    await db.q("INSERT INTO claims (key, at) VALUES ('event', 1)");
    return db;
  };

  describe(`${name}: migrations`, () => {
    const versions = migrations.map((_, i) => i + 1);
    test.each(versions)(
      "version %i is brought up to date, and keeps what it holds",
      async (from) => {
        const store = await createStore(await openEarlier(from), now);
        expect(await store.claims.take("event")).toBe(false);
        expect(await store.turns.start(turnId("t"), "a process")).toMatchObject({ epoch: 1 });
        const applied = await store.db.q("SELECT name FROM migrations ORDER BY version");
        expect(applied.map((row) => row["name"])).toEqual(migrations.map((step) => step.name));
        await store.close();
      },
    );

    test("a version before this one works on beside it, on the schema of this one", async () => {
      const next = [...migrations, { name: "next", sql: NEXT_VERSION }];
      const store = await createStore(await openEarlier(migrations.length), now);
      await migrate(store.db, now, next);
      const turn = await store.turns.start(turnId("t"));
      await store.journal.append(turnId("t"), turn?.epoch ?? 0, [{ type: "time_passed", at: 1 }]);
      await store.turns.finish(turnId("t"), turn?.epoch ?? 0, "completed");
      expect(await store.turns.get(turnId("t"))).toMatchObject({ outcome: "completed" });
      await expect(migrate(store.db, now)).rejects.toThrow("it was written by a newer one");
      await store.close();
    });

    test("a migration that fails changes nothing", async () => {
      const db = await openEarlier(1);
      const broken = [
        ...migrations.slice(0, 1),
        { name: "broken", sql: ["CREATE TABLE x (n BIGINT)", "nonsense"] },
      ];
      await expect(migrate(db, now, broken)).rejects.toThrow();
      await db.q("CREATE TABLE x (n BIGINT)");
      const store = await createStore(db, now);
      expect(await store.claims.take("event")).toBe(false);
      await store.close();
    });
  });
}

/** What a migration may do: it only adds. */
const NEXT_VERSION = [
  "CREATE TABLE later (id TEXT PRIMARY KEY)",
  "ALTER TABLE turns ADD COLUMN later TEXT",
  "ALTER TABLE journal ADD COLUMN later BIGINT NOT NULL DEFAULT 0",
];
