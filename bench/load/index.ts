import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { endOnSignals, endWithUs } from "../ending.ts";
import { share } from "../store/measure-turns.ts";
import { measureBookedTokens } from "./count-booked.ts";
import { idealTurns } from "./ideal.ts";
import type { Scenario } from "./scenario.ts";

const LONG = { threads: 30, agents: 3, overMs: 0, callMs: 10_000, factor: 2 };
const MANY = { threads: 200, agents: 3, overMs: 30_000, callMs: 3_000, factor: 1 };
/** 30 threads at once with calls of 20 s, twice as fast; 200 threads within 30 s with calls of 3 s. With and without a limit of the provider. */
const SCENARIOS: readonly (Scenario & { readonly name: string })[] = [
  { name: "30x20", ...LONG, rate: null },
  { name: "30x20", ...LONG, rate: { capacity: 60, perSecond: 4 } },
  { name: "200x3", ...MANY, rate: null },
  { name: "200x3", ...MANY, rate: { capacity: 100, perSecond: 30 } },
];

const Measured = z.object({
  took: z.array(z.number()),
  failed: z.number(),
  /** Time that the measured process needed from a processor. */
  cpuMs: z.number(),
});
const SERVER = new URL("model-server.ts", import.meta.url);
const MEASURE = new URL("measure-schedule.ts", import.meta.url);

/**
 * How turns fare that ask the models of one account at the same time: lost agents and answers, and their time against the ideal schedule. And what is
 * booked for turns that break off.
 */
export async function runLoadBench(): Promise<Record<string, number>> {
  endOnSignals();
  const server = fork(SERVER, { stdio: "inherit" });
  const forget = endWithUs(() => server.kill());
  try {
    const [message]: unknown[] = await once(server, "message");
    const { url } = z.object({ url: z.string() }).parse(message);
    const runs: Run[] = [];
    for (const scenario of SCENARIOS) runs.push(await run(scenario, url));
    const failedIn = (name: string) =>
      runs.filter((one) => one.name === name).reduce((sum, { failed }) => sum + failed, 0);
    return {
      failed_30x20: failedIn("30x20"),
      failed_200x3: failedIn("200x3"),
      stretch_p50: Math.max(...runs.map(({ p50 }) => p50)),
      stretch_p99: Math.max(...runs.map(({ p99 }) => p99)),
      tokens_counted_off_pct: round(await measureBookedTokens()),
    };
  } finally {
    server.kill();
    forget();
  }
}

interface Run {
  readonly name: string;
  /** Turns that lost an agent or their answer. */
  readonly failed: number;
  /** The median of turn times, and the 99th percentile, against those of the ideal schedule. */
  readonly p50: number;
  readonly p99: number;
}

async function run(scenario: Scenario & { readonly name: string }, url: string): Promise<Run> {
  const { took, failed, cpuMs } = Measured.parse(await measure(scenario, url));
  const refused = await refusedBy(url, scenario);
  const ideal = idealTurns(scenario);
  const stretch = (at: number) => share(took, at) / share(ideal, at);
  const { name, factor, rate } = scenario;
  const [p50, p99] = [round(stretch(0.5)), round(stretch(0.99))];
  const limit = rate ? `${rate.perSecond} calls/s after ${rate.capacity}` : "no limit";
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `${name}, ${limit}${factor === 1 ? "" : `, ${factor}× as fast`}: ${failed} failed, ${refused} refused; p50 ${seconds(share(took, 0.5))} (ideal ${seconds(share(ideal, 0.5))}, ${p50}×), p99 ${seconds(share(took, 0.99))} (ideal ${seconds(share(ideal, 0.99))}, ${p99}×); ${seconds(cpuMs)} of a processor`,
  );
  return { name, failed, p50, p99 };
}

/** How many calls the server refused. */
async function refusedBy(url: string, scenario: Scenario): Promise<number> {
  const response = await fetch(`${url}/scenario`, {
    method: "POST",
    body: JSON.stringify(scenario),
  });
  return z.object({ refused: z.number() }).parse(await response.json()).refused;
}

/** In a process of its own, which reaches the server as its proxy. */
async function measure(scenario: Scenario, url: string): Promise<unknown> {
  const env = { ...process.env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: url, NO_PROXY: "" };
  const child = fork(MEASURE, [JSON.stringify(scenario)], { stdio: "inherit", env });
  const forget = endWithUs(() => child.kill());
  try {
    const [message]: unknown[] = await Promise.race([
      once(child, "message"),
      once(child, "exit").then(() => Promise.reject(new Error("A measuring process has died."))),
    ]);
    return message;
  } finally {
    child.kill();
    forget();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
