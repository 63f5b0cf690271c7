import { z } from "zod";
import type { TurnId } from "../../ids.ts";
import type { Queries } from "../database.ts";

/** A message of the outbox that the platform refused in a form, or in all of them. */
export interface Refused {
  readonly kind: "status" | "final" | "note";
  readonly chunk: number;
  /** What the platform said. */
  readonly refusal: string;
}

export const createDeliveryRefusals = (db: Queries) => ({
  /** Records why the platform refused a message. */
  refused: async (
    { id }: { readonly id: TurnId },
    { kind, chunk, refusal }: Refused,
  ): Promise<void> =>
    void (await db.q(
      "UPDATE deliveries SET refusal = $4 WHERE turn = $1 AND kind = $2 AND chunk = $3",
      [id, kind, chunk, refusal],
    )),

  /** What the platform refused of a turn's messages; none: nothing. */
  refusals: async (turn: TurnId): Promise<readonly string[]> => {
    const rows = await db.q(
      "SELECT refusal FROM deliveries WHERE turn = $1 AND refusal IS NOT NULL ORDER BY chunk",
      [turn],
    );
    return z
      .array(z.object({ refusal: z.string() }))
      .parse(rows)
      .map(({ refusal }) => refusal);
  },
});
