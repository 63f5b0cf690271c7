import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";

const ROOT = "The code word is heron. How do we begin?";
const exchange = (number: number) => (number === 1 ? ROOT : `Question ${number}?`);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** One sitting at the same thread: asks, waits for the answers and leaves. */
async function sit(house: House, input: readonly string[]) {
  const args = ["--json", "--thread", "heron"];
  const parley = house.start({ args, input: input.map((line) => `${line}\n`).join("") });
  const code = await parley.exited;
  return { code, answers: parley.of("turn_summary"), replies: parley.of("command_reply") };
}

test("in twelve exchanges every answer uses the fact of the first and knows all answers before it", async () => {
  const house = await openHouse();
  const { code, answers } = await sit(house, numbers(1, 12).map(exchange));
  expect(code).toBe(0);
  expect(answers.map(({ answer }) => answer)).toEqual(
    numbers(1, 12).map(
      (number) =>
        `heron, answer ${number}: gemini-test on “${exchange(number)}”. Improved after reading all the others.`,
    ),
  );
});

test("every model is given the thread as roles: what people said, and the answers posted between", async () => {
  const house = await openHouse();
  const { answers } = await sit(house, numbers(1, 4).map(exchange));
  const last = house.panel.asked.filter(({ said }) => said.length === 4);
  expect(new Set(last.map(({ model }) => model)).size).toBe(3);
  for (const { said, finals } of last) {
    expect(said.map((text) => text.replace(/^[^:]*: /, ""))).toEqual(numbers(1, 4).map(exchange));
    expect(finals).toEqual(answers.slice(0, 3).map(({ answer }) => answer));
  }
});

test("another team takes over in the middle of a thread and knows what came before", async () => {
  const house = await openHouse({}, { name: "duo", agents: ["gpt", "claude"] });
  const input = [ROOT, "Question 2?", "/team use duo", "Question 3?", "Question 4?"];
  const { answers, replies } = await sit(house, input);
  expect(replies).toMatchObject([{ command: "team use duo", ok: true }]);
  expect(answers.map(({ team }) => team)).toEqual(["council", "council", "duo", "duo"]);
  expect(answers.map(({ answer }) => answer)).toEqual([
    expect.stringMatching(/^heron, answer 1: gemini-test/),
    expect.stringMatching(/^heron, answer 2: gemini-test/),
    expect.stringMatching(/^heron, answer 3: claude-test/),
    expect.stringMatching(/^heron, answer 4: claude-test/),
  ]);
});

test("a conversation goes on after a restart, and the team it was bound to with it", async () => {
  const house = await openHouse({}, { name: "duo", agents: ["gpt", "claude"] });
  await sit(house, [ROOT, "/team use duo"]);
  const { answers } = await sit(house, ["Question 2?"]);
  expect(answers).toMatchObject([{ team: "duo", conversation: "terminal::local:heron" }]);
  expect(answers[0]?.["answer"]).toMatch(/^heron, answer 2: claude-test on “Question 2\?”/);
});

test("a thread goes on without the database that was lost", async () => {
  const house = await openHouse();
  await sit(house, [ROOT]);
  for (const file of ["parley.db", "parley.db-wal", "parley.db-shm"]) {
    await rm(join(house.data, file), { force: true });
  }
  const { answers } = await sit(house, ["Question 2?"]);
  expect(answers[0]?.["answer"]).toMatch(/^heron, answer 2: gemini-test on “Question 2\?”/);
});
