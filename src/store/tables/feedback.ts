import { z } from "zod";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const Verdict = z.enum(["up", "down"]);
type Verdict = z.infer<typeof Verdict>;

const Feedback = z.object({
  person: z.string(),
  verdict: Verdict,
  /** In the person's words; null: not said. */
  reason: z.string().nullable(),
  at: Int,
});

/** One person's rating of a final answer. */
export type Feedback = z.infer<typeof Feedback>;

/** 👍 and 👎 on final answers. They do not affect any tally. */
export const createFeedback = (db: Queries, now: () => number) => ({
  /**
   * The latest rating of a person counts; null removes it with its reason. A reason stays as long as the same verdict is given again. Resolves
   * to the verdict before; null: there was none.
   */
  async give(
    turn: TurnId,
    person: string,
    verdict: Verdict | null,
    reason: string | null = null,
  ): Promise<Verdict | null> {
    const key = [turn, person];
    const own = "turn = $1 AND person = $2";
    const [row] = await db.q(`SELECT verdict FROM feedback WHERE ${own}`, key);
    const before = row ? Verdict.parse(row["verdict"]) : null;
    if (verdict === null) {
      await db.q(`DELETE FROM feedback WHERE ${own}`, key);
      return before;
    }
    await db.q(
      `INSERT INTO feedback (turn, person, verdict, at, reason) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (turn, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at,
         reason = COALESCE(excluded.reason, CASE WHEN feedback.verdict = excluded.verdict THEN feedback.reason END)`,
      [...key, verdict, now(), reason],
    );
    return before;
  },

  async list(turn: TurnId): Promise<readonly Feedback[]> {
    const rows = await db.q(
      "SELECT person, verdict, reason, at FROM feedback WHERE turn = $1 ORDER BY at, person",
      [turn],
    );
    return z.array(Feedback).parse(rows);
  },
});
