import { expect, onTestFinished, test, vi } from "vitest";
import { openStore, type Store } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import type { RunTurn } from "../../../src/turns/engine/engine.ts";
import {
  asking,
  done,
  type EngineBench,
  type EngineSetting,
  engineOptions,
  heldRun,
  stop,
  turnOf,
} from "../../contracts/engine-bench.ts";
import { createPostgresDatabase } from "../../support/postgres.ts";
import { PATIENCE } from "../../support/patience.ts";

const server = await createPostgresDatabase();
const own = test.skipIf(!server);

/** A store of its own for each of so many processes, all on one empty database. */
async function openStores(count: number): Promise<readonly Store[]> {
  const first = await (server ?? expect.unreachable()).open();
  await first.close();
  const open = () => openStore({ dir: "", pid: 1, now: Date.now, url: server?.url });
  return Promise.all(Array.from({ length: count }, open));
}

/** As many engines as there are stores, started with one run. */
async function startEngines(stores: readonly Store[], run: RunTurn, setting?: EngineSetting) {
  const engines = stores.map((store) => createBossEngine(engineOptions(store, setting)));
  await Promise.all(engines.map((engine) => engine.start(run)));
  onTestFinished(async () => {
    await Promise.all(engines.map((engine) => engine.drain(0)));
    await Promise.all(stores.map((store) => store.close()));
  });
  return engines.map((engine, i) => {
    const [first] = stores;
    const store = stores[i] ?? first ?? expect.unreachable();
    const bench: EngineBench = { store, engine: () => engine, close: async () => undefined };
    return { store, engine, bench, ask: (name: string) => asking(bench, engine, name) };
  });
}

own("several processes may start on an empty database together", async () => {
  const stores = await openStores(5);
  const [first] = await startEngines(stores, async () => {});
  first?.ask("0");
  const applied = await stores[0]?.db.q("SELECT version FROM migrations ORDER BY version");
  expect(new Set(applied?.map(({ version }) => version)).size).toBe(applied?.length);
});

own(
  "three processes: in order, never two at once in one conversation, and no more than allowed in all",
  async () => {
    const order = new Map<string, string[]>();
    const now = new Set<string>();
    const overlaps: string[] = [];
    const full = Promise.withResolvers<void>();
    let most = 0;
    const run: RunTurn = async ({ conversation, request }) => {
      if (now.has(conversation)) overlaps.push(conversation);
      most = Math.max(most, now.add(conversation).size);
      if (most === 12) full.resolve();
      await full.promise;
      order.set(conversation, [...(order.get(conversation) ?? []), request]);
      now.delete(conversation);
    };
    const processes = await startEngines(await openStores(3), run, { concurrency: 4 });
    const numbers = Array.from({ length: 15 }, (_, i) => String(i));
    const askAll = async (_: unknown, i: number) => {
      // Each message of a conversation may arrive at another process.
      for (const n of numbers) await processes[(i + Number(n)) % 3]?.ask(`t${i}`)(n);
    };
    await Promise.all(Array.from({ length: 20 }, askAll));
    await vi.waitFor(() => expect([...order.values()].flat()).toHaveLength(300), PATIENCE);
    expect(overlaps).toEqual([]);
    expect([...order.values()]).toEqual(Array.from({ length: 20 }, () => numbers));
    expect(most).toBe(12);
  },
);

own("a stop from another process arrives by itself, time after time", async () => {
  const { begun, run } = heldRun();
  const [here, there] = await startEngines(await openStores(2), run);
  for (const name of ["a", "b", "c", "d", "e"]) {
    const turn = turnOf((await here?.ask(name)(name)) ?? { kind: "duplicate" });
    await vi.waitFor(() => expect(begun.some((one) => one.turn.id === turn)).toBe(true), PATIENCE);
    const signal = begun.find((one) => one.turn.id === turn)?.signal;
    const heard = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    // One of the two does not run it.
    await Promise.all([there?.engine.stop(turn, stop), heard]);
  }
});

own("turns whose tickets are gone get new ones, in order, and are run once", async () => {
  const { begun, run } = heldRun();
  const [one] = await startEngines(await openStores(1), run, { concurrency: 1 });
  const running = turnOf((await one?.ask("a")("running")) ?? { kind: "duplicate" });
  await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
  for (const text of ["first", "second"]) await one?.ask("b")(text);
  await one?.store.db.q("TRUNCATE pgboss.job");
  begun[0]?.end();
  if (one) await done(one.bench, running);
  await vi.waitFor(() => expect(begun).toHaveLength(2), PATIENCE);
  begun[1]?.end();
  await vi.waitFor(() => expect(begun).toHaveLength(3), PATIENCE);
  expect(begun.map(({ turn }) => turn.request)).toEqual(["running", "first", "second"]);
  expect(begun.map(({ turn }) => turn.epoch)).toEqual([1, 1, 1]);
});

own(
  "the queue's schema may be dropped while nobody runs: the next start makes it anew",
  async () => {
    const stores = await openStores(1);
    const [store] = stores;
    const bench = {
      store: store ?? expect.unreachable(),
      engine: () => gone,
      close: async () => {},
    };
    const gone = createBossEngine(engineOptions(bench.store));
    const turns = [];
    for (const text of ["first", "second"]) turns.push(turnOf(await asking(bench, gone)(text)));
    await bench.store.db.q("DROP SCHEMA IF EXISTS pgboss CASCADE");
    const order: string[] = [];
    await startEngines(stores, async ({ request }) => void order.push(request));
    for (const turn of turns) await done(bench, turn);
    expect(order).toEqual(["first", "second"]);
  },
);

own(
  "the queue's schema that is dropped under running processes is made anew: what runs, what waits and what is asked then is run, in order",
  async () => {
    const { begun, run } = heldRun();
    const processes = await startEngines(await openStores(2), run);
    const [one, two] = processes;
    const asked = [turnOf((await one?.ask("a")("running")) ?? { kind: "duplicate" })];
    asked.push(turnOf((await two?.ask("a")("waits")) ?? { kind: "duplicate" }));
    await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
    await one?.store.db.q("DROP SCHEMA pgboss CASCADE");
    // Until it stands again nothing is taken on, and the platform delivers once more.
    await vi.waitFor(
      async () => asked.push(turnOf((await two?.ask("b")("later")) ?? { kind: "duplicate" })),
      PATIENCE,
    );
    const ends = setInterval(() => begun.forEach(({ end }) => end()), 20);
    onTestFinished(() => clearInterval(ends));
    for (const turn of asked) if (one) await done(one.bench, turn);
    const order = begun.map(({ turn }) => turn.request).filter((text) => text !== "later");
    expect([...new Set(order)]).toEqual(["running", "waits"]);
  },
);

own(
  "a ticket that was given back too often is replaced, and its conversation goes on",
  async () => {
    const { begun, run } = heldRun();
    const [one] = await startEngines(await openStores(1), run);
    await one?.ask("a")("first");
    await vi.waitFor(() => expect(begun).toHaveLength(1), PATIENCE);
    await one?.store.db.q("UPDATE pgboss.job SET state = 'failed'");
    await vi.waitFor(() => expect(begun[0]?.signal.aborted).toBe(true), PATIENCE);
    await vi.waitFor(() => expect(begun).toHaveLength(2), PATIENCE);
    expect(begun[1]?.turn).toMatchObject({ request: "first", epoch: 2 });
  },
);
