import { z } from "zod";
import type { ThreadLines } from "../../adapter-storage.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const Line = z.object({ line: z.string() });
const Thread = z
  .object({ name: z.string(), at: Int })
  .transform(({ name, at }) => ({ name, changedAt: at }));

/** Threads that Parley stores itself, line by line, separate for each platform. */
export const createThreadLines = (db: Queries, now: () => number) => ({
  of: (platform: string): ThreadLines => ({
    isShared: true,

    async read(thread) {
      const rows = await db.q(
        "SELECT line FROM thread_lines WHERE platform = $1 AND thread = $2 ORDER BY seq",
        [platform, thread],
      );
      return z
        .array(Line)
        .parse(rows)
        .map(({ line }) => line);
    },

    async append(thread, line) {
      // Another process may take the same number concurrently; then try the next one.
      while (!(await insertLine(db, [platform, thread, line, now()])));
    },

    async list() {
      const rows = await db.q(
        "SELECT thread AS name, MAX(at) AS at FROM thread_lines WHERE platform = $1 GROUP BY thread ORDER BY 2 DESC, 1",
        [platform],
      );
      return z.array(Thread).parse(rows);
    },
  }),
});

/** False if the number was taken. */
async function insertLine(
  db: Queries,
  row: readonly [platform: string, thread: string, line: string, at: number],
): Promise<boolean> {
  const inserted = await db.q(
    `INSERT INTO thread_lines (platform, thread, seq, line, at)
     SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), COALESCE(MAX(seq), 0) + 1, CAST($3 AS TEXT), CAST($4 AS BIGINT)
     FROM thread_lines WHERE platform = $1 AND thread = $2
     ON CONFLICT DO NOTHING RETURNING seq`,
    row,
  );
  return inserted.length > 0;
}
