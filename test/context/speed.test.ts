import { expect, it } from "vitest";
import { renderingThread, renderThread } from "../../src/context/render-thread.ts";
import { measureGrowth, MOST_GROWTH } from "../support/growth.ts";
import { build, building, longTalk, reader } from "./conversations.ts";

const generation = (exchanges: number, agents: number) => {
  const thread = renderThread(longTalk(exchanges), new Map());
  return Array.from({ length: agents }, () => build(longTalk(0), { thread }));
};

it("builds a thread for five agents in time that grows with its length", () => {
  const { ratio } = measureGrowth(
    (exchanges: number) => generation(exchanges, 5),
    (exchanges) => exchanges,
    2_000,
  );
  expect(ratio).toBeLessThanOrEqual(MOST_GROWTH);
});

it("keeps one copy of the thread, however many agents read it", () => {
  const prompts = generation(100, 10).map(({ messages }) => messages.slice(0, -3));
  const distinct = new Set(prompts.flat());
  expect(distinct.size).toBe(prompts[0]?.length);
});

it("renders a thread message by message, so that the event loop can run in between", () => {
  const steps = Array.from(renderingThread(longTalk(5_000), new Map()));
  expect(steps).toHaveLength(10_000);
});

it("cuts a thread message by message, once for all agents of one window", () => {
  const conversation = longTalk(5_000);
  const thread = renderThread(conversation, new Map());
  const stepsFor = (contextWindow: number, system: string) =>
    Array.from(
      building(conversation, {
        thread,
        reader: reader(contextWindow),
        head: { system: [system], tools: [] },
      }),
    ).length;
  expect(stepsFor(100_000, "You are Nova.")).toBe(10_000);
  expect(stepsFor(100_000, "You are Rex, and much longer instructions are yours.")).toBe(0);
  expect(stepsFor(20_000, "You are Nova.")).toBe(10_000);
});
