import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { z } from "zod";
import type { Database, Queries } from "../../src/store/database.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { type BenchParley, openBenchParley } from "../store/bench-parley.ts";
import { share } from "../store/measure-turns.ts";
import { readStats, setPace } from "./server-process.ts";
import { type BackendName, baseUrlOf, isBackendName } from "./wires.ts";

/** How often the loop delay is sampled, ms: this much of each sample is the sampling itself. */
const RESOLUTION_MS = 5;
const PATIENCE_MS = 180_000;
const AGENTS = 3;

const Options = z.object({
  turns: z.coerce.number(),
  /** Turns that run at the same time. */
  atOnce: z.coerce.number(),
  /** Seconds of streaming: an answer, and half of it a review. */
  seconds: z.coerce.number(),
});

const teamOf = (type: BackendName, origin: string): string => `
name: Streams
settle: 0
agents:
${Array.from(
  { length: AGENTS },
  (_, at) =>
    `  - { id: a${at}, backend: { type: ${type}, model: mock-${at}, base_url: "${baseUrlOf(type, origin)}", api_key: key, concurrency: 4000, price: { input: 1, output: 1 }, context_window: 200000 } }`,
).join("\n")}
`;

/** Counts the statements of a database. */
function counting(db: Database): { readonly db: Database; readonly count: () => number } {
  let count = 0;
  const counted = <T extends Queries>(queries: T): T => ({
    ...queries,
    q: (...args: Parameters<Queries["q"]>) => {
      count += 1;
      return queries.q(...args);
    },
  });
  const tx: Database["tx"] = (work) => db.tx((inside) => work(counted(inside)));
  return { db: { ...counted(db), tx }, count: () => count };
}

setFlagsFromString("--expose_gc");
const collect: unknown = runInNewContext("gc");
function heapMb(): number {
  if (typeof collect === "function") for (let n = 0; n < 3; n++) collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function measure(name: string | undefined, origin: string, given: unknown): Promise<void> {
  if (!isBackendName(name)) throw new Error(`${name} is no backend`);
  const options = Options.parse(given);
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const file = join(folder, "parley.db");
  const { db, count } = counting(openSqlite(file));
  const problems: unknown[] = [];
  const ended = { count: 0, wake: () => {} };
  const parley = await openBenchParley({
    db,
    folder,
    team: teamOf(name, origin),
    turns: 4_096,
    listener: {
      turnEvent: () => {},
      turnDone() {
        ended.count += 1;
        ended.wake();
      },
      problem: (problem) => void problems.push(problem),
    },
  });
  try {
    const figures = await run(parley, origin, options, ended);
    if (problems.length > 0) throw new Error(`Something went wrong: ${String(problems[0])}`);
    await db.q("PRAGMA wal_checkpoint(TRUNCATE)");
    const { size } = await stat(file);
    const per = (amount: number) => amount / options.turns;
    process.send?.({ ...figures, dbKb: per(size / 1024), statements: per(count()) });
  } finally {
    await parley.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  parley: BenchParley,
  origin: string,
  { turns, atOnce, seconds }: z.infer<typeof Options>,
  ended: { count: number; wake: () => void },
) {
  await setPace(origin, {
    rate: 30,
    think: [0, seconds / 5],
    answer: [seconds / 2, seconds],
    review: [seconds / 4, seconds / 2],
  });
  const posted = new Map<string, number>();
  parley.onFinal((thread) => posted.set(thread, performance.timeOrigin + performance.now()));
  const reached = async (wanted: number) => {
    const late = setTimeout(() => {
      throw new Error(`Only ${ended.count} of ${turns} turns ended.`);
    }, PATIENCE_MS);
    while (ended.count < wanted) await new Promise<void>((wake) => (ended.wake = wake));
    clearTimeout(late);
  };
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let rssPeak = 0;
  let heapEarly = 0;
  const watch = setInterval(() => (rssPeak = Math.max(rssPeak, process.memoryUsage.rss())), 100);
  delay.enable();
  for (let n = 0; n < turns; n++) {
    await reached(n - atOnce + 1);
    // Once the caches are full, the heap must not grow any more.
    if (turns > atOnce && n === Math.floor(turns / 4)) heapEarly = heapMb();
    void parley.ask(String(n), `question-${n} Should we keep the plan, or change it?`);
  }
  await reached(turns);
  delay.disable();
  clearInterval(watch);
  const { last, socketsPeak, lagMs } = await readStats(origin);
  const waits = [...posted].map(([thread, at]) => at - (last[thread] ?? Number.NaN));
  if (posted.size < turns) throw new Error(`${turns - posted.size} turns posted no answer.`);
  return {
    loopP99: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
    finalP50: share(waits, 0.5),
    finalP99: share(waits, 0.99),
    rssPeak: rssPeak / 2 ** 20,
    heapGrowth: heapMb() - heapEarly,
    socketsPeak,
    lagMs,
  };
}

const [backend, origin = "", options = "{}"] = process.argv.slice(2);
await measure(backend, origin, JSON.parse(options));
process.exit(0);
