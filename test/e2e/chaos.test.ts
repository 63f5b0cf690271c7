import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { environment } from "./parley-process.ts";

const CHAOS = join(import.meta.dirname, "../../bench/chaos/main.ts");
/** It could not be run, and said why. */
const IMPOSSIBLE = 2;

const Figures = z.object({
  turns: z.number(),
  kills: z.number(),
  freezes: z.number(),
  unanswered: z.number(),
  double_finals: z.number(),
  double_statuses: z.number(),
  order_errors: z.number(),
  working_left: z.number(),
  needless_calls_pct: z.number(),
});

/** `npm run chaos -- --turns 60 --json` with these flags. */
async function runChaos(...flags: readonly string[]) {
  const args = [CHAOS, "--turns", "60", "--json", ...flags];
  const { TEST_DATABASE_URL: server } = process.env;
  const env = environment(server === undefined ? {} : { TEST_DATABASE_URL: server });
  const child = spawn(process.execPath, args, { env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => void (said += text));
  }
  const exited = new Promise<number | null>((resolve) => child.on("close", resolve));
  onTestFinished(async () => {
    // It stops what it has started.
    child.kill("SIGTERM");
    await exited;
  });
  return { code: await exited, said };
}

test("sixty turns over Slack and Discord outlive kills, freezes and a platform that fails every tenth call", async () => {
  let run = await runChaos();
  if (run.code === IMPOSSIBLE && run.said.includes("TEST_DATABASE_URL")) {
    process.stderr.write(`One process on SQLite in place of three: ${run.said}\n`);
    run = await runChaos("--sqlite");
  }
  expect(run.code, run.said).toBe(0);
  const figures = Figures.parse(JSON.parse(run.said.trimEnd().split("\n").at(-1) ?? ""));
  expect(figures).toMatchObject({
    turns: 60,
    unanswered: 0,
    double_finals: 0,
    double_statuses: 0,
    order_errors: 0,
    working_left: 0,
  });
  expect(figures.kills).toBeGreaterThan(2);
  expect(figures.needless_calls_pct).toBeLessThan(1);
});
