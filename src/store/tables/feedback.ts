import { z } from "zod";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { Int } from "../row.ts";

const Feedback = z.object({ person: z.string(), verdict: z.enum(["up", "down"]), at: Int });

/** One person's rating of a final answer. */
export type Feedback = z.infer<typeof Feedback>;

/** 👍 and 👎 on final answers. They do not affect any tally. */
export const createFeedback = (db: Queries, now: () => number) => ({
  /** The latest rating of a person counts; null removes it. */
  async give(turn: TurnId, person: string, verdict: Feedback["verdict"] | null): Promise<void> {
    if (verdict === null) {
      await db.q("DELETE FROM feedback WHERE turn = $1 AND person = $2", [turn, person]);
      return;
    }
    await db.q(
      `INSERT INTO feedback (turn, person, verdict, at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (turn, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at`,
      [turn, person, verdict, now()],
    );
  },

  async list(turn: TurnId): Promise<readonly Feedback[]> {
    const rows = await db.q(
      "SELECT person, verdict, at FROM feedback WHERE turn = $1 ORDER BY at, person",
      [turn],
    );
    return z.array(Feedback).parse(rows);
  },
});
