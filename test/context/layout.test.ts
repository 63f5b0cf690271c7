import { expect, it } from "vitest";
import { renderThread } from "../../src/context/render-thread.ts";
import { answers, asks, build, talk, textOf, textsOf } from "./conversations.ts";

const conversation = talk(
  asks("What is Parley?"),
  answers("A **team** in a thread."),
  asks("Who pays?", "Bob"),
  asks("And who reads this?"),
);

it("lays a prompt out most stable first: history, request, what was added, what is reviewed, what to do", () => {
  const { system, messages } = build(conversation, {
    steering: [{ author: "Bob", text: "In short, please." }],
    material: [{ tag: "team-answer", attributes: ' label="A"', text: "You do." }],
    task: "Review now.",
  });
  expect(system).toEqual(["rules", "instructions"]);
  expect(messages.map((m) => [m.role, textOf(m)])).toEqual([
    ["user", "<said>\nAda: What is Parley?\n</said>"],
    ["assistant", "A **team** in a thread."],
    ["user", "<said>\nBob: Who pays?\n</said>"],
    ["user", "<said>\nAda: And who reads this?\n</said>"],
    ["user", "<said>\nBob: In short, please.\n</said>"],
    ["user", '<team-answer label="A">\nYou do.\n</team-answer>\n\nReview now.'],
  ]);
});

it("marks the ends of the history and of the request for the providers' caches", () => {
  const { messages } = build(conversation);
  expect(messages.map(({ cache }) => cache === true)).toEqual([false, false, true, true, false]);
});

it("repeats the whole prompt of an answer, but for its task, in the review and in the next turn", () => {
  const before = textsOf(build(conversation).messages).slice(0, -1);
  const review = build(conversation, { task: "Review now." });
  expect(textsOf(review.messages).slice(0, before.length)).toEqual(before);
  const { history, request } = conversation;
  const next = build(talk(...history, request, answers("You."), asks("Thanks. Why?")));
  expect(textsOf(next.messages).slice(0, before.length)).toEqual(before);
});

it("shares the rendered messages between the prompts of a turn", () => {
  const thread = renderThread(conversation, new Map());
  const [first, second] = [build(conversation, { thread }), build(conversation, { thread })];
  expect(second.messages[0]).toBe(first.messages[0]);
});

it("begins with a user's message, and says so when the thread begins with Parley's", () => {
  const { messages } = build(talk(answers("Hello."), asks("Hi")));
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "user"]);
  expect(textOf(messages[0])).toContain("The thread begins with an answer of Parley.");
});

it("tells the model and the footer that the platform did not return everything", () => {
  const { messages, omission } = build({ ...conversation, complete: false });
  expect(textOf(messages[0])).toContain("The platform did not return the whole thread");
  expect(omission.incomplete).toBe(true);
});

it("stands for a request without words", () => {
  expect(textOf(build(talk(asks(" "))).messages[0])).toBe("<said>\nAda: (no text)\n</said>");
});
