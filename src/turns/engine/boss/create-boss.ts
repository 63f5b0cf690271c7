import { PgBoss } from "pg-boss";
import type { Database } from "../../../store/database.ts";
import { createBossDatabase } from "./boss-database.ts";

/**
 * Queue options. 10 s is the shortest heartbeat that pg-boss accepts. Stopping and dying processes both use up a retry, so there are many;
 * `turns` counts the starts of a turn. The team limits how long a turn takes; a day is the longest expiration that pg-boss accepts.
 */
export const QUEUE = {
  policy: "key_strict_fifo",
  retryLimit: 1_000,
  retryDelay: 0,
  heartbeatSeconds: 10,
  expireInSeconds: 86_000,
} as const;

/** Interval of the check for missing heartbeats, s. */
const SUPERVISE_S = 1;

/** pg-boss on our connections, used only as a queue: our notifications wake the fetchers, and completed jobs are deleted. */
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
