import { expect, it } from "vitest";
import { findAnswers } from "../../../src/backends/simulated/find/find-answer.ts";
import type { ReadPrompt } from "../../../src/backends/simulated/read-prompt.ts";

function claims(request: string, { before = "", final = "", taste = 0 } = {}): string {
  const statements = [before, request].map((text) => ({ author: "Ada", text }));
  const prompt: ReadPrompt = {
    statements,
    asker: "Ada",
    request,
    finals: final ? [final] : [],
    shown: [],
    kind: "answer",
    mayRevise: false,
    namesResults: false,
  };
  return findAnswers(prompt, taste)
    .map(({ claim }) => claim)
    .join("\n");
}

it("a simulated agent takes a side where the thread takes none, by its own taste", () => {
  expect(claims("Tea or coffee?", { taste: 0 })).toBe("Tea rather than coffee.");
  expect(claims("Tea or coffee?", { taste: 0.9 })).toBe("Coffee rather than tea.");
});

it("a simulated agent takes the side that the thread speaks for", () => {
  const before = "We know SQLite well and have no server.";
  expect(claims("Should we use Postgres or SQLite for this?", { before })).toBe(
    "SQLite rather than Postgres.",
  );
});

it("a simulated agent quotes the sentence that has most of the question's words", () => {
  const before = "I live in Paris. We meet on Tuesday in Room 12.";
  expect(claims("When do we meet?", { before })).toBe("You said: “We meet on Tuesday in Room 12”.");
});

it("a simulated agent answers each of several questions", () => {
  const before = "My name is Ada and the budget is 300 euros.";
  expect(claims("Who am I, and what is the budget?", { before })).toBe(
    "Your name is Ada.\nThe budget is 300 euros.",
  );
});

it("a simulated agent remembers what it is told", () => {
  expect(claims("The code word is PELICAN.")).toBe("Noted: The code word is PELICAN.");
});

it("a simulated agent stands by its last answer when asked about it", () => {
  const final = "[simulated] The budget is 300 euros.\n\nThat is all.";
  expect(claims("Why?", { final })).toBe(
    "The last answer in this thread was “The budget is 300 euros”, and it stands.",
  );
});

it("a simulated agent admits what it cannot know, and shows what it does know", () => {
  const answer = claims("Write a haiku about autumn", { before: "My name is Ada." });
  expect(answer).toContain("Nothing in this thread answers that (write, haiku, autumn)");
  expect(answer).toContain("- Your name is Ada.");
  expect(claims("Hello")).toContain("It can recall what was said here");
});
