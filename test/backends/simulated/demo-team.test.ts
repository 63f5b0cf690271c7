import { expect, it } from "vitest";
import { ofType, openDemoThread } from "./demo-thread.ts";

it("the demo team answers, disagrees, revises, votes and loses an agent, on a thread's first question", async () => {
  const exchange = await openDemoThread().ask("Should we use Postgres or SQLite for the demo?");

  const answers = ofType(exchange, "answer_given").map(({ text }) => text);
  expect(answers).toHaveLength(3);
  expect(new Set(answers.map((text) => text.includes("Postgres rather than SQLite"))).size).toBe(2);

  expect(ofType(exchange, "revision_offered")).toHaveLength(1);
  expect(ofType(exchange, "vote_cast").length).toBeGreaterThanOrEqual(2);
  expect(ofType(exchange, "move_retrying")).toMatchObject([{ agent: "outage" }]);
  expect(ofType(exchange, "move_failed")).toMatchObject([
    { agent: "outage", failure: "overloaded", message: "The simulated outage goes on." },
  ]);
  expect(exchange.final).toContain("[simulated]");
  expect(exchange.state.closing?.closedBy).toBe("settled");
});

it("the demo team brings the lost agent back after one retry from the second question on", async () => {
  const thread = openDemoThread();
  await thread.ask("The budget is 300 euros.");
  const exchange = await thread.ask("What is the budget?");
  expect(ofType(exchange, "move_retrying")).toMatchObject([{ agent: "outage" }]);
  expect(ofType(exchange, "move_failed")).toEqual([]);
  expect(ofType(exchange, "answer_given")).toHaveLength(4);
});

it("the demo team quotes the answers in its revision, its reasons and its objections", async () => {
  const exchange = await openDemoThread().ask("My name is Ada and the code word is PELICAN.");
  const [revision] = ofType(exchange, "revision_offered");
  const ballots = ofType(exchange, "vote_cast").map(({ ballot }) => ballot);
  const texts = [...ofType(exchange, "answer_given"), revision].map((event) => event?.text ?? "");
  const quoted = (text = "") => /“([^”]+)”/.exec(text)?.[1]?.replace(/…$/, "") ?? "nothing quoted";
  const plain = texts.join("\n").replace(/[“”]/g, "'");

  expect(revision?.text).toContain("I was in doubt at first.");
  expect(plain).toContain(quoted(revision?.text.split("What settled it")[1]).slice(0, 40));
  for (const { reason } of ballots) expect(plain).toContain(quoted(reason));
  const objections = ballots.flatMap(({ objection }) => objection?.text ?? []);
  expect(objections.length).toBeGreaterThan(0);
  for (const objection of objections) expect(plain).toContain(quoted(objection));
});

it("the demo team has a realistic pace: a turn takes seconds, not minutes", async () => {
  const { took } = await openDemoThread().ask("What is 12 * (3 + 4)?");
  expect(took).toBeGreaterThan(2000);
  expect(took).toBeLessThan(20_000);
});

it("the demo team says that it is simulated wherever its words are shown, and costs nothing", async () => {
  const exchange = await openDemoThread().ask("What is 12 * (3 + 4)?");
  for (const { text } of ofType(exchange, "answer_given")) expect(text).toMatch(/^\[simulated\] /);
  for (const { text } of ofType(exchange, "revision_offered")) {
    expect(text).toMatch(/^\[simulated\] /);
  }
  for (const { ballot } of ofType(exchange, "vote_cast")) {
    expect(ballot.reason).toContain("simulated");
  }
  expect(exchange.state.spent).toMatchObject({ costUsd: 0 });
  expect(exchange.state.spent.input).toBeGreaterThan(1000);
});

it("the demo team is deterministic", async () => {
  const once = await openDemoThread().ask("Tea or coffee?");
  const again = await openDemoThread().ask("Tea or coffee?");
  expect(again.events).toEqual(once.events);
});

it("the demo team remembers what the first of twelve exchanges said", async () => {
  const thread = openDemoThread();
  await thread.ask(
    "My name is Ada, the budget is 300 euros and the code word is PELICAN. We meet on Tuesday in Room 12.",
  );
  const exchanges: readonly (readonly [string, string])[] = [
    ["What is my name?", "Ada"],
    ["What's the budget?", "300 euros"],
    ["Which code word did I give you?", "PELICAN"],
    ["If we spend 120 euros, how much of the budget is left?", "180 euros"],
    ["How much is that per person if we are 4?", "75 euros"],
    ["When do we meet?", "Tuesday"],
    ["Where do we meet?", "Room 12"],
    ["Who am I and what is the code word?", "Ada"],
    ["Is the budget 300 or 400 euros?", "300 euros"],
    ["Please remind me of the code word.", "PELICAN"],
    ["Summarise what we know.", "The code word is PELICAN"],
  ];
  for (const [question, fact] of exchanges) {
    expect((await thread.ask(question)).final, question).toContain(fact);
  }
});

it("the demo team tells people apart, and accepts corrections", async () => {
  const thread = openDemoThread();
  await thread.ask("My name is Ada. The budget is 300 euros.", "Ada");
  await thread.ask("I'm Bo. Actually, the budget is now 400 euros.", "Bo");
  expect((await thread.ask("What is my name?", "Bo")).final).toContain("Your name is Bo");
  expect((await thread.ask("What is my name?", "Ada")).final).toContain("Your name is Ada");
  expect((await thread.ask("What's the budget?", "Ada")).final).toContain("400 euros");
});
