import type { Store } from "../../src/store/store.ts";

/** What all budgets together hold: nothing is kept back when no turn is open. */
export async function keptBack({ db }: Pick<Store, "db">) {
  const [meters] = await db.q(
    `SELECT COALESCE(SUM(reserved_tokens), 0) AS tokens, COALESCE(SUM(reserved_micro_usd), 0) AS "microUsd" FROM meters`,
  );
  const [open] = await db.q("SELECT COUNT(*) AS n FROM reservations");
  return {
    tokens: Number(meters?.["tokens"]),
    microUsd: Number(meters?.["microUsd"]),
    turns: Number(open?.["n"]),
  };
}

export const NOTHING_KEPT_BACK = { tokens: 0, microUsd: 0, turns: 0 };
