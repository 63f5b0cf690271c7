import { openStore } from "../../src/store/store.ts";
import { createLocalEngine } from "../../src/turns/local-engine.ts";
import { engineOptions } from "../contracts/engine-bench.ts";
import { turnEngineContract } from "../contracts/turn-engine.ts";

turnEngineContract("SQLite with the local engine", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  return {
    store,
    engine: (setting) => createLocalEngine(engineOptions(store, setting)),
    close: () => store.close(),
  };
});
