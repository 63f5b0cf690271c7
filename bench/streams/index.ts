import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { endOnSignals, endWithUs } from "../ending.ts";
import { share } from "../store/measure-turns.ts";
import { startModelServer } from "./server-process.ts";
import { BACKENDS, type BackendName } from "./wires.ts";

const Events = z.object({
  sdk: z.array(z.number()),
  parley: z.array(z.number()),
  lagMs: z.number(),
});
const Turns = z.object({
  loopP99: z.number(),
  finalP50: z.number(),
  finalP99: z.number(),
  rssPeak: z.number(),
  heapGrowth: z.number(),
  socketsPeak: z.number(),
  lagMs: z.number(),
  dbKb: z.number(),
  statements: z.number(),
});
type Turns = z.infer<typeof Turns>;

const EVENTS = new URL("measure-events.ts", import.meta.url);
const TURNS = new URL("measure-turns.ts", import.meta.url);

/** 256 conversations at once, three agents each, 30 events a second in each stream. */
const FULL = { turns: 256, atOnce: 256, seconds: 6 };
/** Many short turns one after another, for what stays in memory and in the database. */
const MANY = { turns: 2_000, atOnce: 64, seconds: 0.4 };

interface PerEvent {
  readonly parley: number;
  readonly sdk: number;
  readonly ratio: number;
}

/** The round of a side that a quarter of its rounds undercut counts: other work on the machine only adds to what a round takes. */
const QUIET = 0.25;

/** What a streamed event costs in each backend, beside the provider's SDK alone, and what a process full of streams does to its answers. */
export async function runStreamsBench(): Promise<Record<string, number>> {
  endOnSignals();
  const server = await startModelServer();
  const forget = endWithUs(() => server.stop());
  try {
    const events = await measureEvents(server.url);
    const full: Turns[] = [];
    for (const backend of BACKENDS) full.push(await measureFull(backend, server.url));
    const many = Turns.parse(
      await inChild(TURNS, ["compatible", server.url, JSON.stringify(MANY)]),
    );
    const figures = {
      ...perEvent(events.of),
      ...worstOf(full),
      heap_growth_mb_2000: round(many.heapGrowth),
      db_kb_per_turn: round(many.dbKb),
      db_statements_per_turn: round(many.statements),
      mock_lag_ms: round(Math.max(events.lagMs, ...full.map(({ lagMs }) => lagMs))),
    };
    for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(26)}${value}`);
    console.log();
    return figures;
  } finally {
    forget();
    server.stop();
  }
}

interface AllEvents {
  readonly of: ReadonlyMap<BackendName, PerEvent>;
  readonly lagMs: number;
}

async function measureEvents(origin: string): Promise<AllEvents> {
  const events = new Map<BackendName, PerEvent>();
  let latest = 0;
  for (const backend of BACKENDS) {
    const { sdk, parley, lagMs } = Events.parse(await inChild(EVENTS, [backend, origin]));
    const ratios = parley.map((one, at) => one / (sdk[at] ?? Number.NaN));
    const figures = {
      parley: share(parley, QUIET),
      sdk: share(sdk, QUIET),
      ratio: share(parley, QUIET) / share(sdk, QUIET),
    };
    events.set(backend, figures);
    latest = Math.max(latest, lagMs);
    const [least = 0, most = 0] = [Math.min(...ratios), Math.max(...ratios)].map(round);
    console.log(
      `${backend}: ${round(figures.parley)} µs of a processor per event, ${round(figures.ratio)} × the SDK (${least} to ${most} in ${ratios.length} pairs of rounds)`,
    );
  }
  return { of: events, lagMs: latest };
}

async function measureFull(backend: BackendName, origin: string): Promise<Turns> {
  const turns = Turns.parse(await inChild(TURNS, [backend, origin, JSON.stringify(FULL)]));
  const [p50, p99] = [round(turns.finalP50), round(turns.finalP99)];
  console.log(
    `${backend}, ${FULL.turns} turns: the answer stands ${p50} ms after its last event (p99 ${p99} ms)`,
  );
  return turns;
}

function worstOf(full: readonly Turns[]) {
  const worst = (of: (turns: Turns) => number) => round(Math.max(...full.map(of)));
  return {
    loop_p99_ms_256: worst(({ loopP99 }) => loopP99),
    final_p50_ms_256: worst(({ finalP50 }) => finalP50),
    final_p99_ms_256: worst(({ finalP99 }) => finalP99),
    rss_peak_mb_256: worst(({ rssPeak }) => rssPeak),
    sockets_peak_256: worst(({ socketsPeak }) => socketsPeak),
  };
}

const perEvent = (events: ReadonlyMap<BackendName, PerEvent>): Record<string, number> =>
  Object.fromEntries(
    [...events].flatMap(([backend, { parley, sdk, ratio }]) => [
      [`us_per_event_${backend}`, round(parley)],
      [`us_per_event_sdk_${backend}`, round(sdk)],
      [`ratio_sdk_${backend}`, round(ratio)],
    ]),
  );

const round = (value: number): number => Math.round(value * 100) / 100;

/** What a measurement in a process of its own reports. */
async function inChild(module: URL, args: readonly string[]): Promise<unknown> {
  const child = fork(module, args, { stdio: "inherit" });
  const forget = endWithUs(() => child.kill());
  const exit = once(child, "exit");
  const [message]: unknown[] = await Promise.race([
    once(child, "message"),
    exit.then(() => Promise.reject(new Error(`${module.pathname} ended without a figure.`))),
  ]);
  await exit;
  forget();
  return message;
}
