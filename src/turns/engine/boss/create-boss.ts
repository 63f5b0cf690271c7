import { PgBoss } from "pg-boss";
import type { Database } from "../../../store/database.ts";
import { createBossDatabase } from "./boss-database.ts";

/**
 * What a queue promises. A heartbeat of 10 s is the shortest that pg-boss takes. A ticket is given back by a process that leaves as well as
 * for one that died, so the retries are many; how often a turn may be started is counted in `turns`. How long a turn may take is its
 * team's to say; a day is the longest that pg-boss knows.
 */
export const QUEUE = {
  policy: "key_strict_fifo",
  retryLimit: 1_000,
  retryDelay: 0,
  heartbeatSeconds: 10,
  expireInSeconds: 86_000,
} as const;

/** Between two looks for heartbeats that have stopped, s. */
const SUPERVISE_S = 1;

/** pg-boss on our own connections, with nothing of it but the queue: our notices wake whoever fetches, and jobs that are done are deleted. */
export function createBoss(db: Database, onProblem: (problem: unknown) => void): PgBoss {
  const boss = new PgBoss({
    db: createBossDatabase(db),
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    registerInstance: false,
    monitorVacuum: false,
    reindex: false,
  });
  boss.on("error", onProblem);
  return boss;
}
