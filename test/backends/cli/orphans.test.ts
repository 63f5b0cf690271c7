import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { useClaudeCode } from "../../support/claude-code.ts";
import { isAlive } from "../../support/is-alive.ts";
import { PATIENCE } from "../../support/patience.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("kill -9: no CLI survives Parley, even one that heeds neither the end of its stdin nor SIGTERM", async () => {
  const file = join(await temporaryFolder(), "pids");
  const host = fileURLToPath(new URL("../../servers/cli/dying-host.ts", import.meta.url));
  const parley = spawn(process.execPath, [host, file], { stdio: "ignore" });
  const read = () => z.array(z.number()).parse(JSON.parse(readFileSync(file, "utf8")));
  const pids = await vi.waitFor(read, PATIENCE);
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  expect(pids.filter(isAlive)).toHaveLength(2);
  parley.kill("SIGKILL");
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), PATIENCE);
});

const claude = useClaudeCode();
const faults = useModelFaults();

test("kill -9 in the middle of a move of Claude Code leaves no process, its spare included", async () => {
  faults().serve(() => ({ type: "stall", after: { text: "It is" } }));
  const host = fileURLToPath(new URL("../../servers/cli/dying-move.ts", import.meta.url));
  const log = join(claude.folder(), "started.jsonl");
  const args = [host, claude.fake(), await temporaryFolder(), faults().url, log];
  const parley = spawn(process.execPath, args, { stdio: "ignore" });
  const started = async () => (await claude.started()).map(({ pid }) => pid);
  await vi.waitFor(async () => expect(await started()).toHaveLength(2), PATIENCE);
  await vi.waitFor(() => expect(faults().requests).toHaveLength(1), PATIENCE);
  const pids = await started();
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  expect(pids.filter(isAlive)).toEqual(pids);
  parley.kill("SIGKILL");
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), PATIENCE);
});
