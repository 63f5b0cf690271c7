import { expect, test } from "vitest";
import { createOutputHistory } from "../../src/backends/output-history.ts";

function records(text: string | null = null) {
  const kept = { text, writes: 0 };
  return {
    kept,
    get: async () => kept.text,
    put: async (_: string, next: string) => {
      kept.text = next;
      kept.writes += 1;
    },
  };
}
const silent = (problem: unknown) => expect.unreachable(String(problem));

test("what three of four recent moves stayed within is expected, by model and kind of move", () => {
  const history = createOutputHistory(null, silent);
  history.learn("openai:m", "answer", 100);
  history.learn("openai:m", "answer", 300);
  expect(history.expected("openai:m", "answer")).toBeNull();
  history.learn("openai:m", "answer", 200);
  history.learn("openai:m", "answer", 5_000);
  expect(history.expected("openai:m", "answer")).toBe(5_000);
  for (let i = 0; i < 20; i += 1) history.learn("openai:m", "answer", 150);
  expect(history.expected("openai:m", "answer")).toBe(150);
  expect(history.expected("openai:m", "review")).toBeNull();
  expect(history.expected("gemini:m", "answer")).toBeNull();
});

test("a call that wrote nothing teaches nothing", () => {
  const history = createOutputHistory(null, silent);
  for (const output of [0, 0, 0, Number.NaN]) history.learn("openai:m", "answer", output);
  expect(history.expected("openai:m", "answer")).toBeNull();
});

test("measurements outlive the process, and are written only when they tell something new", async () => {
  const store = records();
  const first = createOutputHistory(store, silent);
  await first.load();
  for (let i = 0; i < 30; i += 1) first.learn("openai:m", "answer", 400 + i);
  expect(store.kept.writes).toBe(1);
  const second = createOutputHistory(store, silent);
  await second.load();
  expect(second.expected("openai:m", "answer")).toBe(402);
});

test.each(["{", "[1]", '{"a":"b"}'])("unreadable records (%s) count as none", async (text) => {
  const problems: unknown[] = [];
  const history = createOutputHistory(records(text), (problem) => problems.push(problem));
  await history.load();
  expect(history.expected("openai:m", "answer")).toBeNull();
});
