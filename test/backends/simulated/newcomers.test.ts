import { describe, expect, it, test } from "vitest";
import { findAnswers } from "../../../src/backends/simulated/find/find-answer.ts";
import type { ReadPrompt } from "../../../src/backends/simulated/read-prompt.ts";
import { finalView } from "../../../src/progress/final-view.ts";
import { ofType, openDemoThread } from "./demo-thread.ts";

type Said = readonly [author: string, text: string];

function claims(request: string, before: readonly Said[] = [], taste = 0.2): string {
  const statements = [...before, ["Ada", request] as const].map(([author, text]) => ({
    author,
    text,
  }));
  const prompt: ReadPrompt = {
    statements,
    asker: "Ada",
    request,
    finals: [],
    shown: [],
    kind: "answer",
    mayRevise: false,
    namesResults: false,
  };
  return findAnswers(prompt, taste)
    .map(({ claim }) => claim)
    .join("\n");
}

const FIVE: readonly Said[] = [
  ["Ada", "We are five: Ada, Bo, Cleo, Dan and Eve."],
  ["Bo", "The budget is 300 euros."],
];
const THREE: readonly Said[] = [
  ["Ada", "Hi all"],
  ["Bo", "Hello"],
  ["Cleo", "I can't come on Friday."],
];

describe("what a newcomer types first is read", () => {
  test.each([
    ["Which is bigger, 9.9 or 9.11?", "9.9 is larger than 9.11."],
    ["9.9 or 9.11?", "9.9 is larger than 9.11."],
    ["Is 9.11 greater than 9.9?", "No: 9.9 is larger than 9.11."],
    ["Is 7 > 5?", "Yes: 7 is larger than 5."],
    ["Which is smaller, 1,250 or 999?", "999 is smaller than 1,250."],
    ["What is larger: 3/4 or 2/3?", "3/4 is larger than 2/3."],
    ["Is 1.0 bigger than 1?", "1.0 and 1 are equal."],
    ["Was ist größer, 9,9 oder 9,11?", "9,9 ist größer als 9,11."],
    ["9.9和9.11哪个大?", "9.9 比 9.11 大。"],
    ["What is the sum of 4, 8 and 15?", "The sum of 4, 8, 15: 27."],
    ["average of 4, 8 and 15", "The average of 4, 8, 15: 9."],
    ["max of 7, 12 and 9?", "The largest of 7, 12, 9: 12."],
    ["Sort 5, 3, 9, 1", "Sorted of 5, 3, 9, 1: 1, 3, 5, 9."],
    ["what's the square root of 144?", "The square root of 144 is 12."],
    ["Is 17 prime?", "Yes: 17 is prime."],
    ["Is 91 a prime?", "No: 91 is not prime, 7 divides it."],
    ["What is 10 / 0?", "A division by 0 has no result."],
    ["How many r's are in strawberry?", "“strawberry” has 3 “r”: s-t-r-a-w-b-e-r-r-y."],
    ["How many letters are in banana?", "“banana” has 6 letters."],
    ["Reverse the word hello", "“hello” backwards is “olleh”."],
    ["Was ist 3 + 4?", "3 + 4 = 7."],
    ["1 + 1 等于几?", "1 + 1 = 2."],
    ["Tee oder Kaffee?", "Lieber Tee als Kaffee."],
    ["茶还是咖啡?", "选茶，不选咖啡。"],
    ["Mein Name ist Jonas. Wie heiße ich?", "Your name is Jonas."],
    ["我叫李雷。我叫什么名字?", "Your name is 李雷."],
    ["thanks", "You are welcome."],
    ["Danke!", "Gern geschehen."],
    ["谢谢", "不客气。"],
  ])("%s → %s", (question, answer) => {
    expect(claims(question)).toBe(answer);
  });

  test.each([
    "Hi",
    "hello there, how are you?",
    "Who are you?",
    "What can you do?",
    "help",
    "test",
  ])("%s is told what this is, and that it is simulated", (text) => {
    expect(claims(text)).toMatch(/simulated agents: no model is asked/);
    expect(claims(text)).not.toContain("Nothing in this thread");
  });

  test.each([
    ["Hallo", "simulierte Agenten"],
    ["Wer bist du?", "simulierte Agenten"],
    ["Wie viele Einwohner hat Berlin?", "Nichts in diesem Thread beantwortet das"],
    ["你好", "模拟"],
    ["你是谁?", "模拟"],
    ["法国的首都是哪里?", "这个对话里没有答案"],
  ])("%s is answered in its own language", (text, words) => {
    expect(claims(text)).toContain(words);
  });

  test.each(["👍", "?", "…"])("%s is no question", (text) => {
    expect(claims(text)).toMatch(/^I can read no question in this/);
  });

  test.each([
    "What is the capital of France?",
    "Tell me a joke",
    "Fix this: teh cat",
    "Is 2024 a leap year?",
  ])("%s is beyond it, and it says so", (text) =>
    expect(claims(text)).toMatch(/^Nothing in this thread answers that/),
  );
});

describe("a thread is read", () => {
  test.each<[string, readonly Said[], string]>([
    ["How many are we?", FIVE, "You are 5: Ada, Bo, Cleo, Dan and Eve."],
    ["Who are we?", FIVE, "You are 5: Ada, Bo, Cleo, Dan and Eve."],
    ["How much is that per person?", FIVE, "300 / 5 = 60 euros."],
    ["What did Bo say?", FIVE, "Bo said: “The budget is 300 euros”."],
    [
      "Who is here?",
      THREE,
      "As far as I can see, 3 people have written in this thread: Ada, Bo and Cleo. There may be more.",
    ],
    ["Is Cleo coming on Friday?", THREE, "Cleo said: “I can't come on Friday”."],
    ["Pizza or sushi?", [["Bo", "I hate sushi."]], "Pizza rather than sushi."],
    [
      "Which is cheaper?",
      [
        ["Bo", "Hotel A costs 120 euros."],
        ["Cleo", "Hotel B costs 95 euros."],
      ],
      "Hotel B: it costs 95 euros.",
    ],
    ["Wie viele sind wir?", [["Bo", "Wir sind fünf."]], "Ihr seid 5."],
    ["Was ist das Budget?", [["Bo", "Das Budget ist 300 Euro."]], "Das Budget ist 300 Euro."],
    ["我们有几个人?", [["Bo", "我们一共五个人。"]], "你们一共 5 个人."],
    ["预算是多少?", [["Bo", "预算是300欧元。"]], "Bo said: “预算是300欧元”."],
  ])("%s", (question, before, answer) => {
    expect(claims(question, before)).toBe(answer);
  });
});

it("the demo team disagrees about something real: versions are no numbers", async () => {
  const exchange = await openDemoThread().ask("9.9 or 9.11?");
  const answers = ofType(exchange, "answer_given").map(({ text }) => text);
  for (const text of answers) expect(text).toContain("9.9 is larger than 9.11.");
  const versions = answers.filter((text) => text.includes("Read as versions or dates"));
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.length).toBeLessThan(answers.length);
});

it.each(["What is 2+2?", "thanks", "Who are you?", "Is 17 prime?"])(
  "the demo team shows no rival that says the same: %s",
  async (question) => {
    const { state } = await openDemoThread().ask(question);
    const split = finalView(state, {})?.split ?? null;
    const first = (text: string) => text.split("\n\n")[0];
    if (split) expect(first(JSON.stringify(split))).not.toContain(first(state.presented ?? ""));
    expect(split).toBeNull();
  },
);
