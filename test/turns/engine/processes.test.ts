import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import { asking, engineOptions, turnOf } from "../../contracts/engine-bench.ts";
import { createPostgresDatabase } from "../../support/postgres.ts";
import { startTurnProcess } from "../../support/turn-process.ts";

const server = await createPostgresDatabase();

/** A database with a place to post to, and somebody who asks. */
async function openRoom() {
  const store = await createStore(await (server ?? expect.unreachable()).open(), Date.now);
  onTestFinished(() => store.close());
  // Tickets of an earlier test would hold up this one.
  await store.db.q("DROP SCHEMA IF EXISTS pgboss CASCADE");
  await store.db.q("CREATE TABLE posts (turn TEXT)");
  const engine = createBossEngine(engineOptions(store));
  return {
    store,
    ask: asking({ store, engine: () => engine, close: async () => undefined }, engine),
    posts: async () => (await store.db.q("SELECT turn FROM posts")).map((row) => row["turn"]),
    start: (...args: readonly string[]) => startTurnProcess(server?.url ?? "", ...args),
    /** A ticket then changes hands only if its process gives it back, or is seen to be gone. */
    missNoHeartbeats: () => store.db.q("UPDATE pgboss.job SET heartbeat_seconds = 3600"),
  };
}

test.skipIf(!server)(
  "kill -9: another process takes the turn over before any heartbeat is missed, where it stood, and the next turn waits",
  async () => {
    const room = await openRoom();
    const first = await room.start();
    const second = await room.start();
    const turn = turnOf(await room.ask("first"));
    const next = turnOf(await room.ask("next"));
    const [mine, other] = await Promise.race([
      first.until({ did: "took a step", step: 3 }).then(() => [first, second] as const),
      second.until({ did: "took a step", step: 3 }).then(() => [second, first] as const),
    ]);
    await room.missNoHeartbeats();
    mine.kill("SIGKILL");
    await other.until({ did: "began", turn: "first", epoch: 2 });
    other.kill("SIGUSR2");
    await other.until({ did: "posted", turn: "next" });
    expect(await room.posts()).toEqual([turn, next]);
    const steps = (await room.store.journal.read(turn)).map(({ at }) => at);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps).toEqual(steps.map((_, step) => step));
  },
);

test.skipIf(!server)(
  "a process frozen for longer than its heartbeat is taken over; thawed, it writes and posts nothing",
  async () => {
    const room = await openRoom();
    const frozen = await room.start();
    const turn = turnOf(await room.ask("first"));
    await frozen.until({ did: "took a step", step: 2 });
    const other = await room.start();
    frozen.kill("SIGSTOP");
    await other.until({ did: "began", turn: "first", epoch: 2 });
    frozen.kill("SIGCONT");
    await frozen.until({ did: "let go", epoch: 1 });
    other.kill("SIGUSR2");
    await other.until({ did: "posted", turn: "first" });
    expect(await room.posts()).toEqual([turn]);
    expect(await room.store.turns.get(turn)).toMatchObject({ epoch: 2, outcome: "completed" });
  },
);

test.skipIf(!server)(
  "SIGTERM with less grace than the turn needs: another process goes on before any heartbeat is missed, and the start does not count",
  async () => {
    const room = await openRoom();
    const leaving = await room.start();
    const turn = turnOf(await room.ask("first"));
    await leaving.until({ did: "took a step", step: 2 });
    const other = await room.start();
    await room.missNoHeartbeats();
    leaving.kill("SIGTERM");
    await leaving.until({ did: "let go" });
    await other.until({ did: "began", epoch: 2 });
    expect(await leaving.exited).toBe(0);
    other.kill("SIGUSR2");
    await other.until({ did: "posted" });
    expect(await room.posts()).toEqual([turn]);
    expect(await room.store.turns.get(turn)).toMatchObject({ attempts: 1, epoch: 2 });
  },
);
