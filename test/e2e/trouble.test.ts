import { expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";

/** One question, the whole process long. */
async function askOnce(house: House) {
  const input = "The code word is heron. How do we begin?";
  const parley = house.start({ args: ["--once", "--json"], input });
  const code = await parley.exited;
  return { code, summary: parley.of("turn_summary").at(-1), parley };
}

test("when one provider is down the others answer, and the footer says who dropped out", async () => {
  const house = await openHouse();
  house.panel.fail("claude-test", "error");
  const { code, summary } = await askOnce(house);
  expect(code).toBe(0);
  expect(summary).toMatchObject({
    outcome: "answered",
    presenter: "gemini",
    failures: [{ agent: "claude", failure: "overloaded" }],
    notes: [expect.stringMatching(/^Claude could not answer: .*The model is down/)],
  });
});

test.each([
  ["gpt", "GPT"],
  ["claude", "Claude"],
  ["gemini", "Gemini"],
])("a provider that hangs up in mid-answer is dropped for the turn: %s", async (agent, name) => {
  const house = await openHouse();
  house.panel.fail(`${agent}-test`, "disconnect");
  const { summary } = await askOnce(house);
  expect(summary).toMatchObject({ outcome: "answered", failures: [{ agent }] });
  const words = `${name} could not answer: The connection to`;
  expect(summary?.["notes"]).toEqual([expect.stringContaining(words)]);
});

test("a passing error is tried again and leaves no trace in the footer", async () => {
  const house = await openHouse({ limits: { move_retries: 2 } });
  house.panel.failOnce("claude-test");
  const { summary, parley } = await askOnce(house);
  expect(parley.of("move_retrying")).toMatchObject([{ agent: "claude", failure: "overloaded" }]);
  expect(summary).toMatchObject({ outcome: "answered", failures: [], notes: [] });
});

test("with two providers down the third answers alone, and the footer says so", async () => {
  const house = await openHouse();
  house.panel.fail("claude-test", "error");
  house.panel.fail("gemini-test", "error");
  const { summary } = await askOnce(house);
  expect(summary).toMatchObject({ presenter: "gpt", votes: [], closed_by: "settled" });
  expect(summary?.["notes"]).toEqual([
    "The only answer: no other agent gave one.",
    expect.stringMatching(/^Claude could not answer/),
    expect.stringMatching(/^Gemini could not answer/),
  ]);
});

test("when all providers are down it says why and exits with 1", async () => {
  const house = await openHouse();
  for (const model of ["gpt", "claude", "gemini"]) house.panel.fail(`${model}-test`, "error");
  const { code, summary, parley } = await askOnce(house);
  expect(code).toBe(1);
  expect(summary).toMatchObject({ outcome: "failed", answer: null, presenter: null });
  const [note] = parley.of("note");
  expect(note?.["text"]).toMatch(
    /^No agent could answer: GPT \(.*\), Claude \(.*\), Gemini \(.*\)\.$/,
  );
});

test("after a turn in which all failed the next one is answered", async () => {
  const house = await openHouse();
  for (const model of ["gpt", "claude", "gemini"]) house.panel.fail(`${model}-test`, "error");
  const parley = house.start({ args: ["--json"] });
  parley.write("The code word is heron. How do we begin?");
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(1));
  for (const model of ["gpt", "claude", "gemini"]) house.panel.mend(`${model}-test`);
  parley.write("And now?");
  parley.endInput();
  expect(await parley.exited).toBe(1);
  expect(parley.of("turn_summary").at(-1)?.["answer"]).toMatch(/^heron, answer 1:/);
});

test("a turn that reaches its tokens ends with the best answer so far and names the limit", async () => {
  const house = await openHouse({ limits: { max_tokens: 7_000 } });
  house.panel.writeMore(4_000);
  const { code, summary } = await askOnce(house);
  expect(code).toBe(0);
  expect(summary).toMatchObject({ closed_by: "limit", limits_hit: ["max_tokens"], votes: [] });
  expect(summary?.["answer"]).toMatch(/^heron, answer 1:/);
  expect(summary?.["notes"]).toContain("Limit reached: 7k tokens for the turn.");
});

test("a turn that reaches its money ends with the best answer so far and names the limit", async () => {
  const price = { input: 10, output: 100 };
  const house = await openHouse({ backend: { price }, limits: { max_cost_usd: 0.16 } });
  house.panel.writeMore(1_500);
  const { summary } = await askOnce(house);
  expect(summary).toMatchObject({ closed_by: "limit", limits_hit: ["max_cost_usd"] });
  expect(summary?.["notes"]).toContain("Limit reached: $0.160 for the turn.");
  expect(summary).toHaveProperty(
    "usage.cost_usd",
    expect.toSatisfy((usd) => usd <= 0.16),
  );
});

test("a budget that does not pay for the first answers is refused before anything runs, and exits with 1", async () => {
  const house = await openHouse({ limits: { max_tokens: 500 } });
  const { code, summary, parley } = await askOnce(house);
  expect(code).toBe(1);
  expect(summary).toMatchObject({ outcome: "failed", answer: null });
  const text = expect.stringMatching(/at most 500 tokens, .*The smallest limit that would do is/);
  expect(parley.of("note")).toMatchObject([{ text }]);
  expect(house.panel.asked).toEqual([]);
});
