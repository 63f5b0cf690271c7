import { type CacheLife, CacheSetting } from "../../src/coordination/cache-life.ts";
import { type Pace, PACES, timesOf } from "./paces.ts";
import { type Thread, createThread } from "./thread.ts";

const THREADS = 20;
const TURNS = 20;
const SETTINGS = CacheSetting.unwrap().options;

const dollars = (usd: number): string => `$${usd.toFixed(3)}`;

/** The cost of threads of one pace under each setting, and how many turns of `auto` chose the longer life. */
export function measureCache(
  pace: Pace,
  { threads, turns }: { readonly threads: number; readonly turns: number },
) {
  const cost = { "5m": 0, "1h": 0, auto: 0 };
  let long = 0;
  for (let seed = 0; seed < threads; seed++) {
    const times = timesOf(pace, turns, seed);
    for (const setting of SETTINGS) {
      const thread: Thread = createThread(setting);
      const lives: readonly CacheLife[] = times.map((at) => thread.turn(at));
      cost[setting] += thread.costUsd();
      if (setting === "auto") long += lives.filter((life) => life === "1h").length;
    }
  }
  return { cost, long: long / (threads * turns) };
}

/** Prints what the same threads cost with each setting of `cache`. */
export async function runCacheBench(): Promise<Record<string, number>> {
  console.log(
    `${THREADS} threads of ${TURNS} turns for each pace; each turn one answer and one review of Claude Opus, prompts as Parley builds them, prices of the catalogue, a cache by Anthropic's rules.\n`,
  );
  const figures: Record<string, number> = {};
  for (const pace of PACES) {
    const { cost, long } = measureCache(pace, { threads: THREADS, turns: TURNS });
    const best = Math.min(cost["5m"], cost["1h"]);
    const over = (100 * (cost.auto - best)) / best;
    console.log(
      `${pace.name.padEnd(8)} 5m ${dollars(cost["5m"])}   1h ${dollars(cost["1h"])}   auto ${dollars(cost.auto)} (${over >= 0 ? "+" : ""}${over.toFixed(1)} % against the better one; 1h in ${Math.round(100 * long)} % of the turns)`,
    );
    for (const setting of SETTINGS) figures[`usd_${pace.name}_${setting}`] = round(cost[setting]);
    figures[`auto_over_best_pct_${pace.name}`] = round(over);
  }
  return Promise.resolve(figures);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
