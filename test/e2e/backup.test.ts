import { copyFile, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { kindOf } from "../adapters/slack/parley-in-slack.ts";
import { startParley } from "./parley-process.ts";
import { PATIENCE } from "../support/patience.ts";
import { openSlack, serving } from "./serving.ts";

test("a backup taken while Parley works is put back, and threads and the turn running go on", async () => {
  const slack = await openSlack();
  const env = { ...slack.env("socket"), PARLEY_TEAM: "quick", SLACK_FRESH_MINUTES: "0" };
  const ada = slack.workspace.user("U1");
  const ask = (text: string, thread?: string) =>
    ada.says("C5", `<@${slack.workspace.bot()}> ${text}`, thread ? { thread } : {});
  const finals = (thread: string) =>
    slack.workspace.thread("C5", thread).filter((message) => kindOf(message) === "final");
  const answered = (thread: string, count: number) =>
    vi.waitFor(() => expect(finals(thread)).toHaveLength(count), PATIENCE);

  const first = await serving(env);
  const { ts } = ask("What is 2 + 2?");
  await answered(ts, 1);
  const slow = ask("!ask --team slow What is 5 + 5?").ts;
  await vi.waitFor(
    () => expect(slack.workspace.thread("C5", slow).map(kindOf)).toContain("status"),
    PATIENCE,
  );
  const file = join(first.dir, "copy.db");
  const backup = startParley({ args: ["backup", file], env: { PARLEY_DATA: first.data } });
  expect(await backup.exited).toBe(0);
  expect(backup.output()).toMatch(
    /copy\.db: \d\.\d MB, schema \d+, 2 turns \([12] running\), \d+ messages; read back and verified\.\n$/,
  );
  first.parley.kill("SIGKILL");
  await first.parley.exited;

  await mkdir(join(first.data, "old"));
  for (const name of await readdir(first.data)) {
    if (name.startsWith("parley.db"))
      await rename(join(first.data, name), join(first.data, "old", name));
  }
  await copyFile(file, join(first.data, "parley.db"));

  const second = await serving(env, first.dir);
  await second.serves();
  ask("And 3 + 3?", ts);
  await answered(ts, 2);
  expect(finals(ts).at(-1)?.text).toMatch(/6/);
  await answered(slow, 1);
  expect(slack.workspace.thread("C5", slow).map(kindOf)).toEqual([undefined, "status", "final"]);
});
