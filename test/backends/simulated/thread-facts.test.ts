import { expect, it } from "vitest";
import {
  factsIn,
  formatFact,
  standingFacts,
} from "../../../src/backends/simulated/thread-facts.ts";

const told = (text: string, author = "Ada", reader = author) =>
  standingFacts(factsIn([{ author, text }])).map((fact) => formatFact(fact, reader));

it.each([
  ["My name is Ada.", ["Your name is Ada"]],
  ["the budget is 300 euros", ["The budget is 300 euros"]],
  ["Remember: the code word is PELICAN!", ["The code word is PELICAN"]],
  ["Code word: PELICAN", ["The code word is PELICAN"]],
  ["Hi team, our servers are in Oslo", ["Your servers are in Oslo"]],
  ["Call me Ada, please", ["Your name is Ada"]],
  ["I'm Ada Lovelace and I like tea", ["Your name is Ada Lovelace"]],
  ["The deadline was Friday but the deadline is Monday", ["The deadline is Monday"]],
])("the reader of facts reads %j", (text, facts) => {
  expect(told(text)).toEqual(facts);
});

it("the reader of facts reads several facts from one sentence", () => {
  expect(told("My name is Ada, the budget is 300 euros and the code word is PELICAN.")).toEqual([
    "Your name is Ada",
    "The budget is 300 euros",
    "The code word is PELICAN",
  ]);
});

it("the reader of facts reads sentences that start in lower case, as in chats", () => {
  expect(told("my name is ada. the budget is 3.5 euros, e.g. in coins! the sky is blue")).toEqual([
    "Your name is ada",
    "The budget is 3.5 euros, e.g. in coins",
    "The sky is blue",
  ]);
});

it.each([
  "Is the budget 300 euros?",
  "It is late",
  "We are four",
  "Thanks!",
  "https://example.com",
])("the reader of facts takes %j for no fact", (text) => {
  expect(told(text)).toEqual([]);
});

it("the reader of facts attributes a fact to its person", () => {
  expect(told("My cat is called Tom", "Bo", "Ada")).toEqual(["Bo's cat is called Tom"]);
});

it("a later fact replaces an earlier one, but not somebody else's own", () => {
  const facts = factsIn([
    { author: "Ada", text: "My name is Ada. The budget is 300 euros." },
    { author: "Bo", text: "My name is Bo. The budget is now 400 euros." },
  ]);
  expect(standingFacts(facts).map((fact) => formatFact(fact, "Ada"))).toEqual([
    "Your name is Ada",
    "Bo's name is Bo",
    "The budget is 400 euros",
  ]);
});
