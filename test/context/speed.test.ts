import { expect, it } from "vitest";
import { renderThread } from "../../src/context/render-thread.ts";
import { build, longTalk } from "./conversations.ts";

const generation = (exchanges: number, agents: number) => {
  const thread = renderThread(longTalk(exchanges), new Map());
  return Array.from({ length: agents }, () => build(longTalk(0), { thread }));
};

it("builds a thread of 1,000 messages for five agents in less than 20 ms", () => {
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    generation(500, 5);
    return performance.now() - started;
  });
  expect(Math.min(...times)).toBeLessThan(20);
});

it("keeps one copy of the thread, however many agents read it", () => {
  const prompts = generation(100, 10).map(({ messages }) => messages.slice(0, -3));
  const distinct = new Set(prompts.flat());
  expect(distinct.size).toBe(prompts[0]?.length);
});
