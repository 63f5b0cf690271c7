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
});
