import { z } from "zod";
import { RevisionId } from "../../coordination/turn-event.ts";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";
import { holdOpen } from "./fence.ts";
import { PEOPLE_INPUT_CHANNEL } from "./inbox.ts";

const Choice = z.object({ person: z.string(), revision: RevisionId });

/** A person's vote for one of a turn's current answers. */
export type Choice = z.infer<typeof Choice>;

/** People's votes in running turns, received by any process. */
export const createChoices = (db: Queries, now: () => number) => ({
  /** False: the turn is not running, or has closed. Else it counts: the turn does not close before it has known of it. */
  add: (turn: TurnId, { person, revision }: Choice): Promise<boolean> =>
    db.tx(async (t) => {
      if (!(await holdOpen(t, turn))) return false;
      await t.q(
        `INSERT INTO choices (turn, seq, person, revision, at)
         VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM choices WHERE turn = $1), $2, $3, $4)`,
        [turn, person, revision, now()],
      );
      await t.notify(PEOPLE_INPUT_CHANNEL, turn);
      return true;
    }),
});
