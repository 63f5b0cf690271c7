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
const FULL = { turns: 256, atOnce: 256, seconds: 8 };
/** Many short turns one after another, for what stays in memory and in the database. */
const MANY = { turns: 2_000, atOnce: 64, seconds: 0.4 };

interface PerEvent {
  readonly parley: number;
  readonly sdk: number;
  /** Of rounds that ran one after the other, the middle one. */
  readonly ratio: number;
}

/** What a streamed event costs in each backend, beside the provider's SDK alone, and what a process full of streams does to its answers. */
export async function runStreamsBench(): Promise<Record<string, number>> {
  endOnSignals();
  const server = await startModelServer();
  const forget = endWithUs(() => server.stop());
  try {
    const events = new Map<BackendName, PerEvent>();
    const lags: number[] = [];
    for (const backend of BACKENDS) {
      const { sdk, parley, lagMs } = Events.parse(await inChild(EVENTS, [backend, server.url]));
      const ratios = parley.map((one, at) => one / (sdk[at] ?? Number.NaN));
      events.set(backend, {
        parley: share(parley, 0.5),
        sdk: share(sdk, 0.5),
        ratio: share(ratios, 0.5),
      });
      lags.push(lagMs);
    }
    const full: Turns[] = [];
    for (const backend of BACKENDS) {
      full.push(Turns.parse(await inChild(TURNS, [backend, server.url, JSON.stringify(FULL)])));
    }
    const many = Turns.parse(
      await inChild(TURNS, ["compatible", server.url, JSON.stringify(MANY)]),
    );
    const worst = (of: (turns: Turns) => number) => Math.max(...full.map(of));
    const figures = {
      ...perEvent(events),
      loop_p99_ms_256: round(worst(({ loopP99 }) => loopP99)),
      final_p50_ms_256: round(worst(({ finalP50 }) => finalP50)),
      final_p99_ms_256: round(worst(({ finalP99 }) => finalP99)),
      rss_peak_mb_256: round(worst(({ rssPeak }) => rssPeak)),
      sockets_peak_256: worst(({ socketsPeak }) => socketsPeak),
      heap_growth_mb_2000: round(many.heapGrowth),
      db_kb_per_turn: round(many.dbKb),
      db_statements_per_turn: round(many.statements),
      mock_lag_ms: round(Math.max(...lags, ...full.map(({ lagMs }) => lagMs))),
    };
    for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(26)}${value}`);
    console.log();
    return figures;
  } finally {
    forget();
    server.stop();
  }
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
