import { z } from "zod";
import type { AdapterState } from "../../adapter-storage.ts";
import type { Queries } from "../database.ts";

const Entry = z.object({ text: z.string() });
const Key = z.object({ key: z.string() });

/** State of adapters, separate for each platform. */
export const createAdapterState = (db: Queries, now: () => number) => ({
  of: (platform: string): AdapterState => ({
    async get(key) {
      const where = "WHERE platform = $1 AND key = $2";
      const [row] = await db.q(`SELECT text FROM adapter_state ${where}`, [platform, key]);
      return row ? Entry.parse(row).text : null;
    },

    async put(key, text) {
      await db.q(
        `INSERT INTO adapter_state (platform, key, text, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform, key) DO UPDATE SET text = excluded.text, at = excluded.at`,
        [platform, key, text, now()],
      );
    },

    async remove(key) {
      await db.q("DELETE FROM adapter_state WHERE platform = $1 AND key = $2", [platform, key]);
    },

    async keys(prefix) {
      const rows = await db.q(
        "SELECT key FROM adapter_state WHERE platform = $1 AND substr(key, 1, $3) = $2 ORDER BY key",
        [platform, prefix, prefix.length],
      );
      return z
        .array(Key)
        .parse(rows)
        .map(({ key }) => key);
    },
  }),
});
