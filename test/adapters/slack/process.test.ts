import { expect, it, onTestFinished } from "vitest";
import type { SlackOptions } from "../../servers/slack/options.ts";
import { createSlack } from "../../servers/slack/slack.ts";
import { FOR_MANY, goAndInstall } from "./go-and-install.ts";
import { kindOf } from "./parley-in-slack.ts";
import { slackMachine } from "./slack-process.ts";

/** Parley's own process beside a Slack. */
async function house({ pace = 0, ...options }: SlackOptions & { readonly pace?: number } = {}) {
  const slack = await createSlack(options);
  onTestFinished(() => slack.stop());
  const machine = await slackMachine(slack.env("socket"), pace);
  const { workspace } = slack;
  const kinds = ({ channel, ts }: { channel: string; ts: string }) =>
    workspace.thread(channel, ts).slice(1).map(kindOf);
  const asks = (text: string) => workspace.user("U1").says("C1", `<@${workspace.bot()}> ${text}`);
  return { slack, workspace, machine, kinds, asks };
}

it("killed during a turn, it resumes at the next start: one status, one answer", async () => {
  const { machine, kinds, asks, slack } = await house({ pace: 0.2 });
  const first = await machine.start();
  const question = asks("What is 2 + 2?");
  await machine.until(() => expect(kinds(question)).toEqual(["status"]));
  first.kill("SIGKILL");
  await first.exited;
  await machine.start();
  await machine.until(() => expect(kinds(question)).toEqual(["status", "final"]));
  expect(slack.rejected).toEqual([]);
});

it("asked twice to stop, it exits at once, with edits still waiting; the next start finishes the turns and clears the typing status", async () => {
  const { machine, kinds, asks, slack, workspace } = await house({ pace: 0.2 });
  const first = await machine.start();
  const questions = Array.from({ length: 6 }, (_, n) => asks(`What is 2 + ${n}?`));
  await machine.until(() => expect(slack.calls("chat.postMessage").length).toBeGreaterThan(3));
  first.kill("SIGTERM");
  first.kill("SIGINT");
  expect(await first.exited).toBe(0);
  const isFinal = (question: (typeof questions)[number]) => kinds(question).includes("final");
  expect(questions.every(isFinal)).toBe(false);
  await machine.start();
  await machine.until(() => {
    for (const question of questions)
      expect(kinds(question).filter((kind) => kind === "final")).toHaveLength(1);
    const signs = [...workspace.state.channels.values()].map(({ native }) => native.size);
    expect(signs).toEqual(signs.map(() => 0));
  });
  expect(slack.rejected).toEqual([]);
});

it("a fatal problem is reported in one line, with the page to fix it and without a token", async () => {
  const { machine, slack, workspace } = await house();
  const cases = [
    [
      { SLACK_BOT_TOKEN: "xoxb-wrong" },
      /copy SLACK_BOT_TOKEN again from https:\/\/api\.slack\.com/,
    ],
    [{ SLACK_APP_TOKEN: "xapp-wrong" }, /does not accept the app-level token \(invalid_auth\)/],
  ] as const;
  const told = await Promise.all(
    cases.map(async ([env, words]) => {
      const parley = machine.launch({
        ...env,
        PORT: "0",
        PARLEY_DATA: `${machine.data}-${words.source.length}`,
      });
      return { code: await parley.exited, errors: parley.errors(), words };
    }),
  );
  for (const { code, errors, words } of told) {
    expect(code).toBe(2);
    expect(errors).toMatch(words);
    expect(errors).not.toMatch(/wrong|at file:/);
    expect(errors).not.toContain(workspace.token());
  }
  expect(slack.calls("chat.postMessage")).toEqual([]);
});

it("removing the app while it runs ends it, with the page to install it again", async () => {
  const { machine, workspace } = await house();
  const parley = await machine.start();
  workspace.uninstall();
  expect(await parley.exited).toBe(1);
  expect(parley.errors()).toMatch(
    /removed from the workspace: reinstall it under https:\/\/api\.slack\.com/,
  );
});

it("an organisation installs it once: each workspace is answered, and its threads continue in the next process", async () => {
  const slack = await createSlack({ isInstalled: false });
  onTestFinished(() => slack.stop());
  const machine = await slackMachine({ ...slack.env("http"), ...FOR_MANY });
  const enterprise = { id: "E1", name: "Org" };
  const rooms = ["T5", "T6"].map((id) =>
    slack.addWorkspace(id, { enterprise, isInstalled: false }),
  );
  const answers = (count: number, threads: readonly string[]) =>
    machine.until(() => {
      for (const [n, room] of rooms.entries())
        expect(
          room.thread("C5", threads[n] ?? "").filter((one) => kindOf(one) === "final"),
        ).toHaveLength(count);
    });
  const first = await machine.start({ SLACK_PUBLIC_URL: machine.url });
  await slack.subscribe(machine.events);
  expect((await goAndInstall(machine.url, "E1")).status).toBe(200);
  const threads = rooms.map((room) => {
    room.addChannel("C5");
    return room.user("U1").says("C5", `<@${room.bot()}> What is 2 + 2?`).ts;
  });
  await answers(1, threads);
  first.kill("SIGTERM");
  expect(await first.exited).toBe(0);
  await machine.start({ SLACK_PUBLIC_URL: machine.url });
  for (const [n, room] of rooms.entries())
    room.user("U1").says("C5", "And 1 + 3?", { thread: threads[n] ?? "" });
  await answers(2, threads);
  expect(slack.rejected).toEqual([]);
});
