import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

test("help shows everyone what they may do, and no more", async () => {
  const { hear } = await openRoom();
  expect(await hear("help")).toMatchInlineSnapshot(`
    "Commands
    Or just ask a question: the team answers it. Write a command like this: \`status\`.
    Command | What it does
    help [COMMAND] | show the commands you can use
    ask [--team TEAM] QUESTION | ask the current team, or another team once
    stop | stop the running turn
    finish | post the best answer so far now
    prefer LABEL | vote for a current answer while the turn runs
    retry [with TEAM] [of TURN] | answer the last question (or the one of TURN) again, also with another team
    rate up|down|off [REASON] | say what you think of the last answer, and why; off withdraws it
    steer [TEXT] | tell the agents something now; without a text, the latest queued message
    restart [MESSAGE] | stop the running turn and answer a queued message instead
    status | show what each agent is doing
    why [TURN] | show the answers, votes, reasons and cost of the last turn, or of TURN
    team list | list the teams
    team show [TEAM] | show the agents, models and limits of a team (default: the team that answers here)
    team use TEAM | use another team here from now on
    team reset | undo \`team use\`
    agents list | list the agents that answer in this thread
    agents add AGENT … | add agents to this thread, also from other teams (TEAM/AGENT)
    agents drop AGENT … | remove agents from this thread
    agents only AGENT … | use only these agents in this thread
    agents reset | use the whole team in this thread again
    listen [mention|thread|always|reset] | show or set which messages Parley answers here
    usage [day|week|month|all] | show the tokens and money spent here
    stats models | show how the models of this space did: who is right more often, and how sure that is
    budget show | show the limits that apply here, how much is used, and when they reset
    version | show the version"
  `);
});

test("help shows operators and admins more", async () => {
  const { hear } = await openRoom();
  expect(await hear("help team use", "operator")).toContain("team use TEAM [--here|--channel] |");
  expect(await hear("help", "admin")).not.toContain("team reload");
  expect(await hear("help", "installation")).toContain("team reload |");
  expect(await hear("help", "admin")).toContain(
    "usage [day|week|month|all] [--here|--channel|--space] |",
  );
});

test("help of a topic shows its commands", async () => {
  const { hear } = await openRoom();
  expect(await hear("help agents")).toMatch(/^Help for agents\nCommand .*\nagents list \|/);
  expect(await hear("help team reload")).toBe(
    "`team reload` is not for everyone\nOnly operators and admins can use it.",
  );
  expect(await hear("help agnets add")).toBe(
    "There is no command “agnets add”\nDid you mean `agents add`?",
  );
});

test("An unknown command is answered to the asker alone, with the nearest one", async () => {
  const { say, hear } = await openRoom();
  expect(await hear("stauts")).toBe("There is no command “stauts”.\nTry `status` or `help`.");
  expect(await say("stauts")).toMatchObject({ visibleTo: "asker", ok: false });
});

test("version tells show the version", async () => {
  expect(await (await openRoom()).hear("version")).toBe("Parley 0.1.0");
});

const claude = {
  key: "claude",
  turns: 3,
  input: 12_000,
  cached: 9_000,
  cacheWritten: 2_000,
  output: 800,
  costUsd: 0.05,
  unpriced: 0,
  estimated: 0,
};

test("usage sums up by agent and model, and says when a price is unknown", async () => {
  const { hear } = await openRoom({ usage: [claude, { ...claude, key: "qwen", unpriced: 2 }] });
  expect(await hear("usage")).toMatchInlineSnapshot(`
    "Usage in this thread, all time
    | Turns | In | Cached | Written | Out | Cost
    claude | 3 | 12k | 9k | 2k | 800 | $0.050
    qwen | 3 | 12k | 9k | 2k | 800 | at least $0.050
    model claude | 3 | 12k | 9k | 2k | 800 | $0.050
    model qwen | 3 | 12k | 9k | 2k | 800 | at least $0.050
    all | 3 | 12k | 9k | 2k | 800 | $0.050"
  `);
});

test("usage looks as far as it is asked to and allowed to", async () => {
  const { say, hear, asked } = await openRoom();
  expect(await hear("usage")).toBe("Usage in this thread, all time\nNo usage yet.");
  await say("usage week --channel", "operator");
  await say("usage --space", "admin");
  expect(await say("usage --space", "operator")).toMatchObject({ ok: false });
  expect(asked).toEqual([
    { conversation: "slack:T1:C1:17.5" },
    { platform: "slack", space: "T1", channel: "C1", from: 33 * 86_400_000 },
    { platform: "slack", space: "T1" },
  ]);
});
