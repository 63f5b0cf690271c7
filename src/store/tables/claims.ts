import type { Queries } from "../database.ts";

/** Idempotency keys of inbound events. Kept forever, because platforms redeliver even after days. */
export const createClaims = (db: Queries, now: () => number) => ({
  /** False if this event was claimed before. */
  async take(key: string): Promise<boolean> {
    const taken = await db.q(
      "INSERT INTO claims (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING RETURNING key",
      [key, now()],
    );
    return taken.length > 0;
  },

  /** Which of these keys have been claimed. */
  async taken(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const places = keys.map((_, n) => `$${n + 1}`).join(", ");
    const rows = await db.q(`SELECT key FROM claims WHERE key IN (${places})`, keys);
    return new Set(rows.map((row) => String(row["key"])));
  },
});
