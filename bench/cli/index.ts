import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "../../src/backends/backend.ts";
import { createCliHost } from "../../src/backends/cli/cli-host.ts";
import { findCommand } from "../../src/backends/cli/find-command.ts";
import { memoryOf } from "../../src/backends/cli/process-group.ts";
import { systemClock } from "../../src/clock.ts";
import { findInCache } from "../../test/support/cli-cache.ts";
import { REAL_PROGRAMS, type RealProgram } from "../../test/support/real-programs.ts";
import { LATENCY_MS, startModel } from "./model.ts";

/** Moves after the first one. */
const WARM_MOVES = 7;
/** A pause between moves, in which the process is cleared, ms. */
const PAUSE_MS = 1_500;

/** How long the installed CLI agents take to their first token, with a model server on this machine. Those that are not installed have null. */
export async function runCliBench() {
  const model = await startModel();
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const figures: Record<string, number | null> = { model_latency_ms: LATENCY_MS };
  try {
    for (const program of REAL_PROGRAMS) {
      Object.assign(figures, await measure(program, { url: model.url, folder }));
    }
  } finally {
    await model.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return figures;
}

async function measure(
  program: RealProgram,
  { url, folder }: { readonly url: string; readonly folder: string },
): Promise<Record<string, number | null>> {
  const { key, name } = program;
  const file =
    (await findCommand(key, process.env["PATH"] ?? ""))?.file ?? (await findInCache(program));
  if (file === null) {
    console.log(`${name} is not installed: there is no ${key} in PATH, nor one of test:cli.`);
    return { [`${key}_cold_ms`]: null, [`${key}_warm_ms`]: null, [`rss_mb_${key}`]: null };
  }
  const host = createCliHost({
    clock: systemClock,
    wallClock: Date.now,
    dataFolder: folder,
    pid: process.pid,
  });
  try {
    const backend = program.create(file, host, url);
    const cold = await firstToken(backend);
    const warm: number[] = [];
    for (let move = 0; move < WARM_MOVES; move += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      warm.push((await firstToken(backend)) - LATENCY_MS);
    }
    const overModel = Math.round(warm.toSorted((a, b) => a - b)[WARM_MOVES >> 1] ?? 0);
    const rss = await memoryBelow();
    console.log(
      `${name}: first token after ${Math.round(cold)} ms cold, ${overModel} ms over the model warm (median of ${WARM_MOVES}); ${rss ?? "?"} MB with its spare`,
    );
    return {
      [`${key}_cold_ms`]: Math.round(cold),
      [`${key}_warm_ms`]: overModel,
      [`rss_mb_${key}`]: rss,
    };
  } finally {
    await host.close();
  }
}

/** Megabytes of all programs that run. */
async function memoryBelow(): Promise<number | null> {
  const all = await memoryOf(process.pid);
  return all === null ? null : all - Math.round(process.memoryUsage().rss / 2 ** 20);
}

/** Milliseconds from the call to the first text. */
async function firstToken(backend: Backend): Promise<number> {
  const begun = performance.now();
  let first: number | null = null;
  const events = backend.ask({
    system: ["You are one of a team."],
    messages: [{ role: "user", parts: [{ type: "text", text: "What is 6 × 7?" }] }],
    tools: [],
    toolChoice: "auto",
    signal: new AbortController().signal,
  });
  for await (const { type } of events) if (type === "text") first ??= performance.now() - begun;
  if (first === null) throw new Error("The agent wrote nothing.");
  return first;
}
