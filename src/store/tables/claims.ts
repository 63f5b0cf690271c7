import type { Queries } from "../database.ts";

/** The durable marks of inbound events, so that none is acted on twice. Kept for ever: platforms redeliver after days. */
export const createClaims = (db: Queries, now: () => number) => ({
  /** False: this event has been taken on before. */
  async take(key: string): Promise<boolean> {
    const taken = await db.q(
      "INSERT INTO claims (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING RETURNING key",
      [key, now()],
    );
    return taken.length > 0;
  },

  /** Which of these have been taken on. */
  async taken(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const places = keys.map((_, n) => `$${n + 1}`).join(", ");
    const rows = await db.q(`SELECT key FROM claims WHERE key IN (${places})`, keys);
    return new Set(rows.map((row) => String(row["key"])));
  },
});
