import { z } from "zod";
import type { Queries } from "../database.ts";

const Install = z.object({ key: z.string(), sealed: z.string() });

/** One installation, under the platform's key for it. `sealed` is ciphertext: this table never sees a secret. */
export type Install = z.infer<typeof Install>;

/** Where a platform's app is installed, and what it was given there. */
export const createInstalls = (db: Queries, now: () => number) => ({
  of: (platform: string) => ({
    async put(key: string, sealed: string): Promise<void> {
      await db.q(
        `INSERT INTO installs (platform, key, sealed, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform, key) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`,
        [platform, key, sealed, now()],
      );
    },

    async get(key: string): Promise<string | null> {
      const where = "WHERE platform = $1 AND key = $2";
      const [row] = await db.q(`SELECT key, sealed FROM installs ${where}`, [platform, key]);
      return row ? Install.parse(row).sealed : null;
    },

    async remove(key: string): Promise<void> {
      await db.q("DELETE FROM installs WHERE platform = $1 AND key = $2", [platform, key]);
    },

    /** By key. */
    async list(): Promise<readonly Install[]> {
      const where = "WHERE platform = $1 ORDER BY key";
      return z
        .array(Install)
        .parse(await db.q(`SELECT key, sealed FROM installs ${where}`, [platform]));
    },
  }),
});
