import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { TurnId } from "../../../src/ids.ts";
import { createStore, openStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import { asking, engineOptions, turnOf } from "../../contracts/engine-bench.ts";
import { createPostgresDatabase } from "../../support/postgres.ts";
import {
  type Said,
  type TurnProcess,
  startNewerTurnProcess,
  startTurnProcess,
} from "../../support/turn-process.ts";
import { PATIENCE } from "../../support/patience.ts";

const server = await createPostgresDatabase();
const NAMES = ["a", "b", "c"];
/** Less than any turn takes: whoever leaves hands its turns over. */
const GRACE = "50";

/** A database with a place to post to, and what stands in it. */
async function openRoom() {
  const room = server ?? expect.unreachable();
  const store = await createStore(await room.open(), Date.now);
  onTestFinished(() => store.close());
  await store.db.q("CREATE TABLE posts (turn TEXT)");
  const engine = createBossEngine(engineOptions(store));
  const bench = { store, engine: () => engine, close: async () => undefined };
  const turnsIn = async (sql: string) => (await store.db.q(sql)).map((row) => row["turn"]);
  const posts = () => turnsIn("SELECT turn FROM posts");
  const At = z.object({ at: z.number() });
  return {
    store,
    url: room.url,
    ask: async (text: string, name: string) =>
      turnOf(await asking(bench, engine, name)(`${text} ${name}`)),
    noted: () => turnsIn("SELECT DISTINCT turn FROM journal WHERE type LIKE 'noted%'"),
    /** Each ends with one post, no start too many, and no step taken twice, whichever version took it. */
    expectAnswered: async (turns: readonly TurnId[]) => {
      await expect.poll(posts, PATIENCE).toHaveLength(turns.length);
      expect(new Set(await posts())).toEqual(new Set(turns));
      const once = { outcome: "completed", attempts: 1 };
      for (const turn of turns) {
        await expect.poll(() => store.turns.get(turn), PATIENCE).toMatchObject(once);
        const all = "SELECT event FROM journal WHERE turn = $1 ORDER BY seq";
        const rows = await store.db.q(all, [turn]);
        const steps = rows.map((row) => At.parse(JSON.parse(String(row["event"]))).at);
        expect(steps).toEqual(steps.map((_, step) => step));
      }
    },
  };
}

async function leave(one?: TurnProcess): Promise<void> {
  one?.kill("SIGTERM");
  expect(await one?.exited).toBe(0);
}

/** What the old version cannot read it says once, and leaves to others. */
function expectNoneGivenUp(said: readonly Said[]): void {
  expect(said.filter(({ did }) => did === "gave up")).toEqual([]);
  const problems = said.filter(({ did }) => did === "met a problem");
  expect(problems).toHaveLength(NAMES.length);
  for (const { problem } of problems) expect(problem).toContain("a newer version wrote it");
}

test.skipIf(!server)(
  "a rolling deploy and back again: turns go between old and new, every one is answered once, no step is taken twice, none is given up",
  async () => {
    const room = await openRoom();
    const { url, ask, noted } = room;
    const old = [await startTurnProcess(url, GRACE)];
    const first = await Promise.all(NAMES.map((name) => ask("first", name)));
    const second = await Promise.all(NAMES.map((name) => ask("second", name)));
    for (const name of NAMES) {
      await old[0]?.until({ did: "took a step", turn: `first ${name}`, step: 1 });
    }

    // A new version starts, and migrates, beside two old ones; one of these leaves, and its turns go to the new one.
    old.push(await startTurnProcess(url, GRACE));
    const newer = [await startNewerTurnProcess(url, GRACE)];
    old[1]?.kill("SIGSTOP");
    await leave(old[0]);
    await expect.poll(noted, PATIENCE).toHaveLength(NAMES.length);
    old[1]?.kill("SIGCONT");

    // The only new one leaves: what it has written in, the old one can only leave to others; what comes now, it can do.
    await leave(newer[0]);
    for (const name of NAMES) await old[1]?.until({ did: "let go", turn: `first ${name}` });
    const third = await ask("third", "d");
    await old[1]?.until({ did: "took a step", turn: "third d", step: 1 });

    // The deploy goes on: two new ones, and the last old one leaves.
    newer.push(await startNewerTurnProcess(url, GRACE), await startNewerTurnProcess(url, GRACE));
    const last = newer.slice(1);
    const saw = (fields: Said) => Promise.any(last.map((one) => one.until(fields)));
    for (const name of NAMES) await saw({ did: "took a step", turn: `first ${name}` });
    await leave(old[1]);
    await saw({ did: "took a step", turn: "third d" });
    for (const one of last) one.kill("SIGUSR2");
    await room.expectAnswered([...first, ...second, third]);
    expectNoneGivenUp([...old, ...newer].flatMap((one) => one.said()));
  },
);

test.skipIf(!server)("an old version does not start on a newer schema, and says why", async () => {
  const { url } = await openRoom();
  await startNewerTurnProcess(url, GRACE);
  await expect(openStore({ dir: "", pid: 1, now: Date.now, url })).rejects.toThrow(
    "it was written by a newer one. Upgrade Parley, or restore the backup made before that upgrade.",
  );
});
