import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { systemClock } from "../../src/clock.ts";
import { createParley, type Parley } from "../../src/parley/parley.ts";
import type { ParleyListener } from "../../src/parley/parley-listener.ts";
import type { Database } from "../../src/store/database.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createBossEngine } from "../../src/turns/engine/boss/boss-engine.ts";
import { createInstantPlatform, type InstantPlatform, type Question } from "./instant-platform.ts";

/** All of Parley but its models and its platform. */
export interface BenchParley extends InstantPlatform {
  readonly parley: Parley;
  readonly store: Store;
  close(): Promise<void>;
}

export interface BenchParleyOptions {
  readonly db: Database;
  /** For a folder with the team file. */
  readonly folder: string;
  /** The team file. */
  readonly team: string;
  /** How many turns may run at the same time. Default: Parley's own. */
  readonly turns?: number;
  /** What people asked before, in another process over the same database. */
  readonly asked?: readonly Question[];
  readonly listener: ParleyListener;
}

/** Over a database, as the process would be: intake, claim, engine, journal, delivery. It serves when this resolves. */
export async function openBenchParley(options: BenchParleyOptions): Promise<BenchParley> {
  const { db, folder, team, turns, asked, listener } = options;
  // Of its own: another process may be reading its team at this moment.
  const teams = await mkdtemp(join(folder, "teams-"));
  await writeFile(join(teams, "default.yaml"), team);
  const store = await createStore(db, Date.now);
  const book = await createTeamBook({ dirs: [teams], env: {}, clock: systemClock, watch: null });
  const instant = createInstantPlatform(asked);
  const parley = createParley({
    store,
    book,
    catalogue: createCatalogue(),
    env: {},
    clock: systemClock,
    wallClock: Date.now,
    ...(db.dialect === "postgres" && { createEngine: createBossEngine }),
    version: "Parley bench",
    ...(turns !== undefined && { concurrency: turns }),
    listener,
  });
  await parley.serve([instant.platform]);
  return {
    ...instant,
    parley,
    store,
    async close() {
      await parley.stop(0);
      await book.close();
      await store.close();
    },
  };
}
