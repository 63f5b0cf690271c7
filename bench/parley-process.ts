import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

const Line = z.looseObject({
  time: z.string(),
  msg: z.string(),
  conversation: z.string().optional(),
});

/** Parley as people run it, and what it writes into its log. */
export interface ParleyProcess {
  /** When each conversation's turn was decided, ms since the epoch. */
  readonly decided: ReadonlyMap<string, number>;
  /** Its warnings. */
  readonly warnings: readonly string[];
  /** Resident memory now, and the most there ever was, MB; NaN where the system does not tell. */
  memory(): { readonly now: number; readonly peak: number };
  /** Whether it ended without being asked to. */
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to leave, and waits. */
  stop(): Promise<void>;
}

/** Starts `parley start` on a fresh data folder with one team; resolves when it serves. */
export async function startParley(
  env: Readonly<Record<string, string>>,
  team: string,
): Promise<ParleyProcess> {
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const configs = join(folder, "configs");
  await mkdir(configs);
  await writeFile(join(configs, "bench.yaml"), team);
  const main = join(import.meta.dirname, "../src/main.ts");
  const child = spawn(process.execPath, [main, "start"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PARLEY_DATA: join(folder, "data"),
      PARLEY_CONFIGS: configs,
      PARLEY_TEAM: "bench",
      LOG_LEVEL: "debug",
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const decided = new Map<string, number>();
  const warnings: string[] = [];
  const serving = Promise.withResolvers<void>();
  void exited.then(() => serving.reject(new Error(`Parley left: ${warnings.join("\n")}`)));
  createInterface({ input: child.stderr }).on("line", (text) => {
    const { data } = Line.safeParse(parsed(text));
    if (data?.msg === "serving") serving.resolve();
    if (data?.msg === "turn closed") decided.set(data.conversation ?? "", Date.parse(data.time));
    if (!data || /continued after a problem|failed/.test(data.msg)) warnings.push(text);
  });
  await serving.promise;
  return {
    decided,
    warnings,
    memory: () => memoryOf(child.pid ?? 0),
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    kill: (signal) => void child.kill(signal),
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memoryOf(pid: number): { now: number; peak: number } {
  const status = readStatus(pid);
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? NaN) / 1024;
  return { now: mb("VmRSS"), peak: mb("VmHWM") };
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
