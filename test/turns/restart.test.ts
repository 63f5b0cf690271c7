import { expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { createBossEngine } from "../../src/turns/boss/boss-engine.ts";
import { asking, engineOptions, turnOf } from "../contracts/engine-bench.ts";
import { findPostgres, startCluster } from "../support/postgres-cluster.ts";
import { type Said, startTurnProcess } from "../support/turn-process.ts";

vi.setConfig({ testTimeout: 120_000 });

const bin = await findPostgres();

test.skipIf(!bin)(
  "PostgreSQL is restarted as by a power failure: two processes get over it, and the turn that was running runs once",
  async () => {
    const cluster = await startCluster(bin ?? expect.unreachable());
    const store = await openStore({ dir: "", pid: 1, now: Date.now, url: cluster.url });
    onTestFinished(() => store.close());
    await store.db.q("CREATE TABLE posts (turn TEXT)");
    const engine = createBossEngine(engineOptions(store));
    const ask = asking({ store, engine: () => engine, close: async () => undefined }, engine);
    const processes = [await startTurnProcess(cluster.url), await startTurnProcess(cluster.url)];
    const turn = turnOf(await ask("first"));
    const next = turnOf(await ask("next"));
    const saw = (fields: Said) => Promise.any(processes.map((one) => one.until(fields, 60_000)));
    await saw({ did: "took a step", turn: "first", step: 3 });
    await cluster.restart();
    const { length: before } = await store.journal.read(turn);
    await saw({ did: "took a step", turn: "first", step: before + 2 });
    for (const one of processes) one.kill("SIGUSR2");
    await saw({ did: "posted", turn: "next" });
    const posts = await store.db.q("SELECT turn FROM posts");
    expect(posts.map((row) => row["turn"])).toEqual([turn, next]);
    const after = await store.turns.get(turn);
    expect(after).toMatchObject({ outcome: "completed" });
    // A second start only where a commit was cut off whose outcome nobody knows.
    expect(after?.epoch).toBeLessThanOrEqual(2);
    const steps = (await store.journal.read(turn)).map(({ at }) => at);
    expect(steps).toEqual(steps.map((_, step) => step));
  },
);
