import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openRoom } from "./room.ts";

test("team list marks the team that answers here", async () => {
  const { hear } = await openRoom();
  expect(await hear("team list")).toMatchInlineSnapshot(`
    "Teams
    \\* answers here: the default.
    Use \`team use TEAM\` to switch teams here.
    Team | Agents |
    council | GPT, Claude, Gemini | GPT, Claude and Gemini answer, review each other and vote.
    default * | GPT, Claude, Gemini | One agent per API key that is set; they answer, review and vote.
    demo | Ada, Ben, Cleo, Dan | Four simulated agents to try Parley out; no key needed.
    duo-review | Author, Reviewer | Claude writes, GPT reviews, and the better answer is polished.
    local | Qwen, Gemma, Llama | Three models on this machine, through Ollama.
    programs | GPT, Claude Code, Gemini CLI | GPT over its API beside Claude Code and Gemini CLI, as they are installed here.
    solo | GPT | One agent answers alone, without a review."
  `);
});

test("team show tells the agents, models and limits of the team here, and why it is that one", async () => {
  const { hear, say } = await openRoom();
  await say("team use council --channel", "operator");
  expect(await hear("team")).toMatchInlineSnapshot(`
    "Team Council
    GPT, Claude and Gemini answer, review each other and vote.
    - Answers here: chosen for this channel by Ada
    - Mode team, equal answers count together; the answer is the elected text, unchanged
    - A message during a turn: queue
    - A turn: at most 300 s, $2.00
    - An agent: 1 revision, 3 reviews, 150 s a move
    Agent | Id | Model
    GPT | gpt | gpt-6-sol (openai)
    Claude | claude | claude-opus-5-5 (anthropic)
    Gemini | gemini | gemini-3.8-flash (gemini)"
  `);
});

test("team show tells what the servers of its models do not take", async () => {
  const takesNoTools = "takes no tools: its votes are asked for as JSON";
  const { hear } = await openRoom({ concessions: { "gpt-6-sol": [takesNoTools] } });
  expect(await hear("team show solo")).toContain(`\n- GPT ${takesNoTools}\n`);
});

test("team show of another team tells the same without a reason", async () => {
  const { hear } = await openRoom();
  expect(await hear("team show Solo")).toMatchInlineSnapshot(`
    "Team Solo
    One agent answers alone, without a review.
    - Mode solo: the first agent alone
    - A message during a turn: queue
    - A turn: at most 300 s, $1.00
    Agent | Id | Model
    GPT | gpt | gpt-6-sol (openai)"
  `);
});

test("A team that does not exist is answered with the nearest one", async () => {
  const { hear } = await openRoom();
  expect(await hear("team use concil")).toBe("There is no team “concil”\nDid you mean `council`?");
  expect(await hear("team show xyzzy")).toBe(
    "There is no team “xyzzy”\nAvailable teams: council, default, demo, duo-review, local, programs, solo.",
  );
});

test("team use in the thread is for everyone and seen by everyone", async () => {
  const { say, hear, here } = await openRoom();
  expect(await hear("team use duo-review")).toBe(
    "Duo now answers in this thread\nFrom the next message on: Author, Reviewer.",
  );
  expect(await here()).toMatchObject({ because: "thread", by: "slack:U1 Ada" });
  expect((await say("team use duo-review")).visibleTo).toBe("everyone");
});

test("team use further out says when the thread keeps a team of its own", async () => {
  const { say, hear } = await openRoom();
  await say("team use solo");
  expect(await hear("team use council --space", "admin")).toBe(
    `Council now answers in this space
From the next message on: GPT, Claude, Gemini.
In this thread Solo still answers (chosen for this thread by Ada). Use \`team reset\` to undo that.`,
  );
});

test("team reset goes back to what holds further out", async () => {
  const { say, hear } = await openRoom();
  await say("team use solo");
  await say("team use council --channel", "operator");
  expect(await hear("team reset")).toBe(
    "The team choice for this thread is removed\nCouncil answers here (chosen for this channel by Ada).",
  );
});

test.each([
  [
    "team use solo --channel",
    "everyone",
    "`team use --channel` is for operators and admins\nYou can use `team use TEAM`.",
  ],
  [
    "team use solo --space",
    "operator",
    "`team use --space` is for admins\nYou can use `team use TEAM [--here|--channel]`.",
  ],
  [
    "team reload",
    "operator",
    "`team reload` is for the people who run this installation\n`help` shows what you can do. It affects every workspace that Parley serves.",
  ],
] as const)("%s is refused to %s", async (command, level, text) => {
  const { say, hear, here } = await openRoom();
  expect(await hear(command, level)).toBe(text);
  expect(await say(command, level)).toMatchObject({ visibleTo: "asker", ok: false });
  expect((await here()).because).toBe("default");
});

test("team reload tells what is new, and team validate all that is wrong", async () => {
  const folder = await temporaryFolder();
  const { hear, say } = await openRoom({ dirs: [folder] });
  await writeFile(join(folder, "mine.yaml"), "agents: auto\nmode: tem\n");
  await writeFile(join(folder, "fast.yaml"), "agents: auto\nmode: solo\n");
  expect((await hear("team reload", "installation")).replaceAll(`${folder}/`, ""))
    .toMatchInlineSnapshot(`
    "9 team files read
    New or changed: fast
    mine.yaml:2:7: mode must be team, solo or auto, not "tem"; did you mean "team"?"
  `);
  expect(await hear("team use mine")).toBe(
    "The team mine cannot be used\nIts file has errors. The people who run Parley can find out why.",
  );
  expect(await hear("team use mine", "installation")).toMatch(
    /^The team mine cannot be used\n.*mine\.yaml:2:7: mode must be team, solo or auto/,
  );
  await writeFile(join(folder, "mine.yaml"), "agents: auto\n");
  expect(await say("team validate", "installation")).toMatchObject({
    ok: true,
    visibleTo: "asker",
  });
});

test("Without any key those who run Parley are told which to set, and nobody else", async () => {
  const { hear } = await openRoom({ env: {} });
  expect(await hear("team", "admin")).toBe(
    "No team can answer here\nNo team can answer here at present. The people who run Parley can find out why.",
  );
  expect(await hear("team", "installation")).toMatch(
    /^No team can answer here\nno team can answer: .*set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY$/,
  );
  expect(await hear("team list")).toContain("default |  | needs an API key");
});

test("team says why a team answers that nobody bound", async () => {
  const setting = await openRoom({ setting: "solo" });
  expect(await setting.hear("team")).toContain("- Answers here: the default of this installation");
  const demo = await openRoom({ env: {}, platform: "terminal" });
  expect(await demo.hear("team")).toContain(
    "- Answers here: no API key is set, so this is a demonstration",
  );
});

test("A file that broke after it was read still answers, and team list says so", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "mine.yaml"), "agents: auto\n");
  const { hear, say } = await openRoom({ dirs: [folder] });
  await writeFile(join(folder, "mine.yaml"), "agents: nobody\n");
  await say("team reload", "installation");
  expect(await hear("team list")).toContain("file has errors; the last valid version is used");
  expect(await hear("team use mine")).toContain("now answers in this thread");
});
