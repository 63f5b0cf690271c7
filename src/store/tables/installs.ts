import { z } from "zod";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const Install = z.object({ key: z.string(), sealed: z.string() });

/** One installation, under its platform key. `sealed` is ciphertext; this table never holds plain secrets. */
export type Install = z.infer<typeof Install>;

/** The notice channel for installations that any process creates, changes or removes: `{platform} {key}`. */
export const INSTALL_CHANNEL = "installs";

/** Where a platform's app is installed, with its credentials. Notifies all processes of every change. */
export const createInstalls = (db: Queries, now: () => number) => ({
  of: (platform: string) => ({
    ...createInstallReads(db, platform),
    ...createInstallWrites(db, platform, now),
  }),
});

function createInstallReads(db: Queries, platform: string) {
  const where = "WHERE platform = $1 AND key = $2";
  return {
    async get(key: string): Promise<string | null> {
      const [row] = await db.q(`SELECT key, sealed FROM installs ${where}`, [platform, key]);
      return row ? Install.parse(row).sealed : null;
    },

    /** The creation time, ms since the epoch; null if there is none. */
    async madeAt(key: string): Promise<number | null> {
      const [row] = await db.q(`SELECT at FROM installs ${where}`, [platform, key]);
      return row ? Int.parse(row["at"]) : null;
    },

    /** By key. */
    async list(): Promise<readonly Install[]> {
      const all = "WHERE platform = $1 ORDER BY key";
      return z
        .array(Install)
        .parse(await db.q(`SELECT key, sealed FROM installs ${all}`, [platform]));
    },
  };
}

function createInstallWrites(db: Queries, platform: string, now: () => number) {
  const change = (key: string, sql: string, params: readonly (string | number | null)[]) =>
    db.tx(async (t) => {
      const rows = await t.q(`${sql} RETURNING key`, [platform, key, ...params]);
      if (rows.length > 0) await t.notify(INSTALL_CHANNEL, `${platform} ${key}`);
      return rows.length > 0;
    });
  return {
    async put(key: string, sealed: string): Promise<void> {
      await change(
        key,
        `INSERT INTO installs (platform, key, sealed, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform, key) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`,
        [sealed, now()],
      );
    },

    /** Inserts an installation; false if the key exists. */
    add: (key: string, sealed: string): Promise<boolean> =>
      change(
        key,
        `INSERT INTO installs (platform, key, sealed, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform, key) DO NOTHING`,
        [sealed, now()],
      ),

    /** Compare-and-swap: writes `next` if the key still holds `before`, else returns false. Keeps the creation time. */
    replace: (key: string, before: string, next: string): Promise<boolean> =>
      change(
        key,
        "UPDATE installs SET sealed = $4 WHERE platform = $1 AND key = $2 AND sealed = $3",
        [before, next],
      ),

    /** `only`: remove only if the key holds this value. Resolves to whether a row was removed. */
    remove: (key: string, only?: string): Promise<boolean> =>
      change(
        key,
        "DELETE FROM installs WHERE platform = $1 AND key = $2 AND sealed = COALESCE($3, sealed)",
        [only ?? null],
      ),
  };
}
