import { z } from "zod";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const Install = z.object({ key: z.string(), sealed: z.string() });

/** One installation, under the platform's key for it. `sealed` is ciphertext: this table never sees a secret. */
export type Install = z.infer<typeof Install>;

/** Hears `{platform} {key}` when an installation is made, changed or removed, in any process. */
export const INSTALL_CHANNEL = "installs";

/** Where a platform's app is installed, and what it was given there. Every change is told to all processes. */
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

    /** When it was made, ms since the epoch; null: there is none. */
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

    /** Writes it if nothing stands under the key yet; false: something does. */
    add: (key: string, sealed: string): Promise<boolean> =>
      change(
        key,
        `INSERT INTO installs (platform, key, sealed, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform, key) DO NOTHING`,
        [sealed, now()],
      ),

    /** Writes `next` if `before` still stands under the key; false: it does not. The installation's time stays. */
    replace: (key: string, before: string, next: string): Promise<boolean> =>
      change(
        key,
        "UPDATE installs SET sealed = $4 WHERE platform = $1 AND key = $2 AND sealed = $3",
        [before, next],
      ),

    /** `only`: if just this stands under the key. Resolves whether something was removed. */
    remove: (key: string, only?: string): Promise<boolean> =>
      change(
        key,
        "DELETE FROM installs WHERE platform = $1 AND key = $2 AND sealed = COALESCE($3, sealed)",
        [only ?? null],
      ),
  };
}
