import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import type { Limit } from "../../src/budgets/limit.ts";
import { formatConversationId } from "../../src/ids.ts";
import { createParley } from "../../src/parley/parley.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { createStore, openStore, type Store } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";
import { teamOf, unsettled } from "../support/parley-room.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { createScriptedModels } from "../support/scripted-models.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { createThreadPlatform } from "../support/thread-platform.ts";
import { PATIENCE } from "../support/patience.ts";

/** Opens one database for two processes. */
type OpenStores = (now: () => number) => Promise<readonly [Store, Store]>;

/** Two Parleys over one database, each on a platform of its own, under one limit for all. */
async function openTwo(openStores: OpenStores, limit: Limit) {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), unsettled(teamOf(["ann", "berta"])));
  const clock = createFakeClock();
  const stores = await openStores(() => clock.now());
  const book = await createTeamBook({ dirs: [dir], env: {}, clock, watch: null });
  const models = createScriptedModels();
  const open = async (name: string, store: Store) => {
    const thread = createThreadPlatform(name);
    const parley = createParley({
      store,
      book,
      backends: models,
      catalogue: createCatalogue(),
      env: {},
      clock,
      wallClock: () => clock.now(),
      limits: [{ reach: "all", limit }],
      version: "Parley test",
      listener: { turnEvent: () => {}, turnDone: () => {}, problem: () => {} },
    });
    await parley.serve([thread.platform]);
    onTestFinished(async () => {
      models.openAll();
      const stopped = parley.stop(0);
      await clock.advance(10_000);
      await stopped;
    });
    const place = { platform: name, space: "space", channel: "channel" };
    return {
      ...thread,
      ask: (number: number) =>
        thread.say(`Question ${number}?`, {
          conversation: formatConversationId({ ...place, thread: String(number) }),
        }),
    };
  };
  return {
    store: stores[0],
    models,
    one: await open("one", stores[0]),
    two: await open("two", stores[1]),
  };
}

const quiet = ({ store }: Pick<Awaited<ReturnType<typeof openTwo>>, "store">) =>
  vi.waitFor(async () => expect(await store.turns.lanes()).toEqual([]), PATIENCE);

const DATABASES: [name: string, open: OpenStores][] = [
  [
    "SQLite",
    async (now) => {
      const store = await openStore({ dir: ":memory:", pid: 1, now });
      return [store, store];
    },
  ],
];
const server = await createPostgresDatabase();
if (server) {
  DATABASES.push([
    "PostgreSQL",
    async (now) => {
      const one = await createStore(await server.open(), now);
      const two = await createStore(await openPostgres(server.url), now);
      onTestFinished(async () => void (await Promise.all([one.close(), two.close()])));
      return [one, two];
    },
  ]);
}

describe.each(DATABASES)("over %s", (_name, openStores) => {
  test("when two processes race for the last turn, one gets it and the other gives the reason", async () => {
    const both = await openTwo(openStores, { unit: "turns", amount: 1, per: "day" });
    const { one, two } = both;
    await Promise.all([one.ask(1), two.ask(2)]);
    await quiet(both);
    const [finals, notes] = (["final", "note"] as const).map((kind) => [
      ...one.posted(kind),
      ...two.posted(kind),
    ]);
    expect(finals).toHaveLength(1);
    expect(notes).toEqual([
      "Not answered. The limit for all of Parley is 1 turn a day, and 1 turn was taken. The limit frees up at 00:00 UTC, in 24h00m.\nOnly whoever runs Parley can raise it.",
    ]);
  });

  test("of twenty concurrent questions, as many are accepted as fit, and none uses another's reservation", async () => {
    const both = await openTwo(openStores, { unit: "tokens", amount: 100_000, per: "day" });
    const { one, two, models, store } = both;
    const release = models.hold(() => true);
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    await Promise.all(numbers.map((number) => (number % 2 === 0 ? one : two).ask(number)));
    // Each is estimated at 30k tokens.
    expect(await keptBack(store)).toMatchObject({ turns: 3 });
    expect([...one.posted("note"), ...two.posted("note")]).toHaveLength(17);
    release();
    await quiet(both);
    expect([...one.posted("final"), ...two.posted("final")]).toHaveLength(3);
    expect(await keptBack(store)).toEqual(NOTHING_KEPT_BACK);
  });
});
