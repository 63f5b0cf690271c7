import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { PATIENCE } from "./patience.ts";

const WORKER = fileURLToPath(new URL("../turns/engine/turn-worker.ts", import.meta.url));
const NEWER = new URL("../turns/engine/newer-version.ts", import.meta.url).href;

const Said = z.object({
  did: z.string(),
  turn: z.string().optional(),
  epoch: z.number().optional(),
  step: z.number().optional(),
  problem: z.string().optional(),
});
export type Said = z.infer<typeof Said>;

export type TurnProcess = Awaited<ReturnType<typeof startWorker>>;

/** A process that runs turns, and all it has said. */
export const startTurnProcess = (url: string, ...args: readonly string[]) =>
  startWorker([WORKER, url, ...args]);

/** The same of a newer version, which adds a table and writes an event that this one does not know. */
export const startNewerTurnProcess = (url: string, graceMs: string) =>
  startWorker(["--import", NEWER, WORKER, url, graceMs, "noted_by_newer"]);

async function startWorker(args: readonly string[]) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (output += text));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await exited;
  });
  const said = (): readonly Said[] =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => Said.parse(JSON.parse(line)));
  const until = (fields: Said) =>
    vi.waitFor(() => expect(said()).toContainEqual(expect.objectContaining(fields)), PATIENCE);
  await until({ did: "started" });
  return { said, until, kill: (signal: NodeJS.Signals) => void child.kill(signal), exited };
}
