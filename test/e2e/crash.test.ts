import { expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";

const ROOT = "The code word is heron. How do we begin?";
const args = ["--json", "--thread", "heron"];

/** A turn in which two have answered and Gemini has not, when its process dies. */
async function dieInMidTurn(house: House, signal: NodeJS.Signals) {
  const release = house.panel.hold(({ model }) => model === "gemini-test");
  const parley = house.start({ args });
  parley.write(ROOT);
  await parley.until(() => expect(parley.of("answer_given")).toHaveLength(2));
  await parley.until(() => expect(house.panel.count("gemini-test", "answer")).toBe(1));
  parley.kill(signal);
  const code = await parley.exited;
  release();
  return code;
}

test("a turn killed in the middle is finished by the next start, and no finished move is asked again", async () => {
  const house = await openHouse();
  expect(await dieInMidTurn(house, "SIGKILL")).toBe(null);
  const parley = house.start({ args });
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(1));
  expect(parley.of("answer_given").map(({ agent }) => agent)).toEqual(["gemini"]);
  expect(house.panel.count("gpt-test", "answer")).toBe(1);
  expect(house.panel.count("claude-test", "answer")).toBe(1);
  expect(house.panel.count("gemini-test", "answer")).toBe(2);
  const [summary] = parley.of("turn_summary");
  expect(summary).toMatchObject({ outcome: "answered", presenter: "gemini", closed_by: "settled" });
});

test("after a kill the thread holds the answer once, and the follow-up builds on it", async () => {
  const house = await openHouse();
  await dieInMidTurn(house, "SIGKILL");
  const parley = house.start({ args, input: "And then?\n" });
  expect(await parley.exited).toBe(0);
  const answers = parley.of("turn_summary").map(({ answer }) => String(answer));
  expect(answers).toHaveLength(2);
  expect(answers[1]).toMatch(/^heron, answer 2: gemini-test on “And then\?”/);
  const { finals } = house.panel.asked.at(-1) ?? {};
  expect(finals).toEqual([answers[0]]);
});

test("a message put to the turn that a start takes up is answered with it, and nothing waits for more", async () => {
  const house = await openHouse({ more: { during_turn: "steer" } });
  await dieInMidTurn(house, "SIGKILL");
  const release = house.panel.hold(
    ({ model, kind }) => model === "gemini-test" && kind === "answer",
  );
  const parley = house.start({ args, input: "And keep it short?\n" });
  await parley.until(() => expect(parley.of("message_steered")).toHaveLength(1));
  release();
  expect(await parley.exited).toBe(0);
  expect(parley.of("turn_summary")).toHaveLength(1);
  expect(parley.of("turn_summary")[0]?.["answer"]).toMatch(
    /^heron, answer 1: .*“And keep it short\?”/,
  );
});

test("a second signal does not wait for the running turn, which the next start takes up", async () => {
  const house = await openHouse();
  const release = house.panel.hold(({ model }) => model === "gemini-test");
  const parley = house.start({ args });
  parley.write(ROOT);
  await parley.until(() => expect(parley.of("answer_given")).toHaveLength(2));
  parley.kill("SIGTERM");
  parley.kill("SIGINT");
  expect(await parley.exited).toBe(0);
  release();
  const next = house.start({ args });
  await next.until(() => expect(next.of("turn_summary")).toHaveLength(1));
  expect(house.panel.count("gpt-test", "answer")).toBe(1);
  expect(next.of("turn_summary")).toMatchObject([{ outcome: "answered", presenter: "gemini" }]);
});
