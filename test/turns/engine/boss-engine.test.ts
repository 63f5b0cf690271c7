import type { Database } from "../../../src/store/database.ts";
import { createStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import { type EngineBench, engineOptions } from "../../contracts/engine-bench.ts";
import { turnEngineContract } from "../../contracts/turn-engine.ts";
import { createPgliteDatabases } from "../../support/pglite.ts";
import { createPostgresDatabase } from "../../support/postgres.ts";

const benchOver = (open: () => Promise<Database>) => async (): Promise<EngineBench> => {
  const store = await createStore(await open(), Date.now);
  return {
    store,
    engine: (setting) => createBossEngine(engineOptions(store, setting)),
    close: () => store.close(),
  };
};

const lite = createPgliteDatabases();
turnEngineContract(
  "PGlite with pg-boss",
  benchOver(() => lite.open()),
);

const server = await createPostgresDatabase();
if (server)
  turnEngineContract(
    "PostgreSQL with pg-boss",
    benchOver(() => server.open()),
  );
