import { afterAll, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import { asking, engineOptions, turnOf } from "../../contracts/engine-bench.ts";
import { PostgresMissingError, startPostgres } from "../../support/start-postgres.ts";
import { type Said, startTurnProcess } from "../../support/turn-process.ts";

/** Null, with a line that says so, where there is no server of one's own to be had. */
async function ownServer() {
  try {
    const server = await startPostgres();
    afterAll(() => server.stop());
    if (server.restart) return { ...server, restart: server.restart };
    process.stderr.write("Skipped: PostgreSQL's own programs are not installed.\n");
  } catch (error) {
    if (!(error instanceof PostgresMissingError)) throw error;
    process.stderr.write(`Skipped: ${error.message}\n`);
  }
  return null;
}

const server = await ownServer();

test.skipIf(!server)(
  "PostgreSQL is restarted as by a power failure: two processes get over it, and the turn that was running runs once",
  async () => {
    const cluster = server ?? expect.unreachable();
    const store = await openStore({ dir: "", pid: 1, now: Date.now, url: cluster.url });
    onTestFinished(() => store.close());
    await store.db.q("CREATE TABLE posts (turn TEXT)");
    const engine = createBossEngine(engineOptions(store));
    const ask = asking({ store, engine: () => engine, close: async () => undefined }, engine);
    const processes = [await startTurnProcess(cluster.url), await startTurnProcess(cluster.url)];
    const turn = turnOf(await ask("first"));
    const next = turnOf(await ask("next"));
    const saw = (fields: Said) => Promise.any(processes.map((one) => one.until(fields)));
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
