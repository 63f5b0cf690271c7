import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/store.ts";
import type { Turn } from "../../src/store/tables/turn.ts";
import { createLocalEngine } from "../../src/turns/engine/local-engine.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { conversation } from "../contracts/store-bench.ts";

const writer = fileURLToPath(new URL("./killed-writer.ts", import.meta.url));

/** Lets a process write into the folder, kills it with -9 after `writes` of them, and says how many it knows to be stored. */
const killAfter = (dir: string, writes: number): Promise<{ pid: number; stored: number }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [writer, dir], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString();
      if (said.split("\n").length > writes) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", () => {
      const last = said.split("\n").at(-2) ?? "-1";
      resolve({ pid: child.pid ?? 0, stored: Number(last) + 1 });
    });
  });

const open = (dir: string) => openStore({ dir, pid: process.pid, now: Date.now });

test("kill -9: no stored data is lost, the folder is free at once, and each start is recorded", async () => {
  const dir = await temporaryFolder();
  for (const [i, writes] of [30, 1, 60].entries()) {
    const { stored } = await killAfter(dir, writes);
    const store = await open(dir);
    const [turn] = await store.turns.recent(conversation, 1);
    const journal = turn ? await store.journal.read(turn.id) : [];
    expect(journal.length).toBeGreaterThanOrEqual(stored);
    expect(journal.map(({ at }) => at)).toEqual(journal.map((_, at) => at));
    expect(turn).toMatchObject({ state: "running", epoch: i + 1 });
    await store.close();
  }
});

test("kill -9: the running turn resumes at the next start", async () => {
  const dir = await temporaryFolder();
  await killAfter(dir, 5);
  const store = await open(dir);
  const resumed = Promise.withResolvers<Turn>();
  const engine = createLocalEngine({
    store,
    clock: systemClock,
    platforms: () => ["test"],
    concurrency: 1,
    attempts: 5,
    retryMs: 1,
    leaveMs: 1000,
    onGivenUp: async () => undefined,
    onProblem: (problem) => resumed.reject(problem),
  });
  await engine.start(async (turn) => resumed.resolve(turn));
  expect(await resumed.promise).toMatchObject({ id: "t", epoch: 2 });
  await engine.drain(1000);
  await store.close();
});

test("a running process keeps its folder locked; a second one gets its pid", async () => {
  const dir = await temporaryFolder();
  const child = spawn(process.execPath, [writer, dir], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await expect(open(dir)).rejects.toThrow(`(process ${child.pid})`);
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
  await (await open(dir)).close();
});
