import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "../ending.ts";
import { readStats, setPace, startModelServer } from "../streams/server-process.ts";
import { TokenReport, type TokenRun, type Way, WAYS } from "./token-run.ts";

const MEASURE = new URL("measure-tokens.ts", import.meta.url);
const THREADS = 6;
/** Answers take longer than a turn runs before it breaks off, in seconds. */
const PACE = { rate: 30, think: [0.1, 0.6], answer: [5, 6], review: [0.5, 1] } satisfies Parameters<
  typeof setPace
>[1];

/** Tokens of the turns that broke off in one way. */
interface Counted {
  readonly booked: number;
  /** As their provider counts. */
  readonly used: number;
}

/** How far what Parley books is from what models really used, in percent, for turns that break off; the worst of all ways. */
export async function measureBookedTokens(): Promise<number> {
  const server = await startModelServer();
  const forget = endWithUs(() => server.stop());
  try {
    await setPace(server.url, PACE);
    const counted = await Promise.all(WAYS.map((way, at) => count(way, 1_000 * at, server.url)));
    const offs = counted.map(({ booked, used }) => 100 * Math.abs(booked / used - 1));
    for (const [at, { booked, used }] of counted.entries()) {
      console.log(
        `${WAYS[at]}: ${Math.round(booked)} tokens booked, ${Math.round(used)} used, ${offs[at]?.toFixed(1)} % off`,
      );
    }
    return Math.max(...offs);
  } finally {
    forget();
    server.stop();
  }
}

async function count(way: Way, first: number, origin: string): Promise<Counted> {
  const folder = await mkdtemp(join(tmpdir(), "parley-tokens-"));
  const run: TokenRun = { way, origin, folder, first, threads: THREADS, asked: [] };
  try {
    const told = await measure(run);
    const { booked = Number.NaN } =
      told.asked === undefined ? told : await measure({ ...run, way: "resume", asked: told.asked });
    const { used } = await readStats(origin);
    const numbers = Array.from({ length: THREADS }, (_, n) => String(first + n));
    return { booked, used: numbers.reduce((sum, number) => sum + (used[number] ?? 0), 0) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a process tells, which is killed then. */
async function measure(run: TokenRun) {
  const child = fork(MEASURE, [JSON.stringify(run)], { stdio: "inherit" });
  const forget = endWithUs(() => child.kill("SIGKILL"));
  const exited = once(child, "exit");
  try {
    return TokenReport.parse(await firstMessage(child, exited));
  } finally {
    child.kill("SIGKILL");
    await exited;
    forget();
  }
}

async function firstMessage(child: ChildProcess, exited: Promise<unknown>): Promise<unknown> {
  const [message]: unknown[] = await Promise.race([
    once(child, "message"),
    exited.then(() => Promise.reject(new Error("A measuring process has died."))),
  ]);
  return message;
}
