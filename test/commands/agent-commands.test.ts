import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

/** A thread whose team is the council: GPT, Claude, Gemini. */
async function council() {
  const room = await openRoom();
  await room.say("team use council");
  const seats = async () => (await room.here()).team.agents.map(({ name }) => name).join(" ");
  return { ...room, seats };
}

test("agents drop leaves an agent out of this thread, agents add brings it back", async () => {
  const { hear, seats } = await council();
  expect(await hear("agents drop GPT")).toBe(
    "Agents changed in this thread\nFrom the next message on: Claude, Gemini, for the team Council.",
  );
  await hear("agents add gpt");
  expect(await seats()).toBe("GPT Claude Gemini");
});

test("agents add brings in agents of other teams, who can be dropped again", async () => {
  const { hear, seats } = await council();
  await hear("agents add qwen, demo/ada");
  expect(await seats()).toBe("GPT Claude Gemini Qwen Ada");
  await hear("agents drop qwen");
  expect(await seats()).toBe("GPT Claude Gemini Ada");
});

test("agents only seats these alone, until agents reset", async () => {
  const { hear, seats } = await council();
  await hear("agents only claude llama");
  expect(await seats()).toBe("Claude Llama");
  await hear("agents drop llama");
  await hear("agents add gemini");
  expect(await seats()).toBe("Claude Gemini");
  await hear("agents reset");
  expect(await seats()).toBe("GPT Claude Gemini");
});

test("Adding somebody who sits here already changes nothing", async () => {
  const { hear, seats } = await council();
  await hear("agents add claude");
  expect(await seats()).toBe("GPT Claude Gemini");
});

test("agents list shows who sits here and who was left out", async () => {
  const { hear } = await council();
  await hear("agents drop gemini");
  expect(await hear("agents")).toMatchInlineSnapshot(`
    "Agents
    These agents answer in this thread for the team Council.
    - Left out here: \`gemini\`
    Agent | Id | Model
    GPT | gpt | gpt-6-sol (openai)
    Claude | claude | claude-opus-5-5 (anthropic)"
  `);
});

test.each([
  [
    "agents drop gpt claude gemini",
    "At least one agent has to stay\n`agents list` lists the agents of this thread.",
  ],
  ["agents add gemma2", "There is no agent “gemma2”\nDid you mean `gemma`?"],
  ["agents only xyzzy", "There is no agent “xyzzy”\n`team show TEAM` lists a team's agents."],
])("%s is refused", async (command, text) => {
  const { hear, say, seats } = await council();
  expect(await hear(command)).toBe(text);
  expect(await say(command)).toMatchObject({ ok: false, visibleTo: "asker" });
  expect(await seats()).toBe("GPT Claude Gemini");
});

test("An agent that several teams have is asked for by team", async () => {
  const { hear, say } = await openRoom();
  await say("team use demo");
  expect(await hear("agents add claude")).toBe(
    "Which claude?\nSeveral agents match: `council/claude`, `default/claude`, `programs/claude`.",
  );
});
