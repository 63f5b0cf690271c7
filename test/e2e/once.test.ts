import { expect, test } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openHouse } from "./house.ts";
import { startParley } from "./parley-process.ts";

const Summary = z.looseObject({
  team: z.string(),
  presenter: z.string(),
  answer: z.string(),
  answers: z.array(z.looseObject({ agent: z.string(), number: z.number(), text: z.string() })),
  votes: z.array(z.looseObject({ reviewer: z.string(), scores: z.record(z.string(), z.number()) })),
  usage: z.looseObject({ input_tokens: z.number(), output_tokens: z.number() }),
  closed_by: z.string(),
  limits_hit: z.array(z.string()),
  failures: z.array(z.looseObject({ agent: z.string() })),
});

test("without any key a question is answered by the demo team: answers, a revision, everybody's vote", async () => {
  const env = { PARLEY_DATA: await temporaryFolder() };
  const input = "Should we buy tea or coffee for 12 people with a budget of 40 euros?";
  const parley = startParley({ args: ["--once", "--json"], env, input });
  expect(await parley.exited).toBe(0);
  const summary = Summary.parse(parley.lines().at(-1));
  expect(summary).toMatchObject({ team: "demo", closed_by: "settled", limits_hit: [] });
  expect(summary.answers.length).toBeGreaterThanOrEqual(2);
  expect(summary.answers.some(({ number }) => number > 1)).toBe(true);
  const dropped = summary.failures.map(({ agent }) => agent);
  const live = ["ada", "ben", "cleo", "dan"].filter((agent) => !dropped.includes(agent));
  expect(new Set(summary.votes.map(({ reviewer }) => reviewer))).toEqual(new Set(live));
});

test("each line of --json is an event of the turn, the last one its summary", async () => {
  const house = await openHouse();
  const input = "The code word is heron.\nHow do we begin?\n";
  const parley = house.start({ args: ["--once", "--json"], input });
  await parley.exited;
  const types = parley.lines().map(({ type }) => type);
  expect(types[0]).toBe("turn_started");
  expect(types.slice(-3)).toEqual(["turn_closed", "turn_ended", "turn_summary"]);
  expect(types.filter((type) => type === "turn_summary")).toHaveLength(1);
  expect(Summary.parse(parley.lines().at(-1)).answers).toHaveLength(4);
  expect(house.panel.asked[0]?.said[0]).toMatch(/: The code word is heron\.\nHow do we begin\?$/);
});

test("without --json the answer alone is on the output, with its footer, and nothing is missing without colour", async () => {
  const house = await openHouse();
  const parley = house.start({ args: ["--once"], input: "The code word is heron. And now?" });
  expect(await parley.exited).toBe(0);
  expect(parley.output()).toMatch(/^heron, answer 1: gemini-test on “The code word is heron\./);
  expect(parley.output()).toContain("Gemini");
  // eslint-disable-next-line no-control-regex -- the point of the test
  expect(parley.output()).not.toMatch(/\u001B/);
  expect(parley.errors()).toContain("parley: GPT");
});

test("an empty input is no question", async () => {
  const house = await openHouse();
  const parley = house.start({ args: ["--once", "--json"], input: " \n" });
  expect(await parley.exited).toBe(1);
  expect(parley.errors()).toContain("No question: write one after -p");
  expect(house.panel.asked).toEqual([]);
});

test("a turn is stopped from outside: nobody is asked any more, and the process goes on", async () => {
  const house = await openHouse();
  const release = house.panel.hold(({ model }) => model === "gemini-test");
  const parley = house.start({ args: ["--json"] });
  parley.write("The code word is heron. How do we begin?");
  await parley.until(() => expect(parley.of("answer_given")).toHaveLength(2));
  parley.write("/stop");
  await parley.until(() => expect(parley.of("turn_summary")).toHaveLength(1));
  release();
  expect(parley.of("command_reply")).toMatchObject([{ command: "stop", ok: true }]);
  expect(parley.of("turn_summary")).toMatchObject([{ closed_by: "stopped" }]);
  expect(house.panel.asked.filter(({ kind }) => kind === "review")).toEqual([]);
  parley.write("And now?");
  parley.endInput();
  await parley.exited;
  expect(parley.of("turn_summary")).toMatchObject([{}, { outcome: "answered" }]);
});

test("SIGTERM ends an idle Parley at once, with exit code 0", async () => {
  const house = await openHouse();
  const parley = house.start({ args: ["--json"] });
  parley.write("/version");
  await parley.until(() => expect(parley.of("command_reply")).toHaveLength(1));
  parley.kill("SIGTERM");
  expect(await parley.exited).toBe(0);
});
