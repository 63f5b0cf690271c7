import { expect, test } from "vitest";
import type { BackendEvent } from "../../../src/backends/backend.ts";
import { joinDeltas } from "../../../src/backends/reply/join-deltas.ts";

const text = (words: string): BackendEvent => ({ type: "text", text: words });
const thinking = (words: string): BackendEvent => ({ type: "thinking", text: words });
const written = (words: string): BackendEvent => ({ type: "alive", written: words });
const alive: BackendEvent = { type: "alive" };
const usage = { input: 5, cached: 0, cacheWritten: 0, output: 1 };

test("pieces of a text become one piece", () => {
  expect(joinDeltas([text("It "), text("is "), text("42.")])).toEqual([text("It is 42.")]);
});

test("thoughts, text and calls stay apart, in their order", () => {
  const call: BackendEvent = { type: "tool_call", name: "vote", arguments: "{}" };
  const events = [thinking("Hm"), thinking("m."), text("4"), text("2"), call, text("!")];
  expect(joinDeltas(events)).toEqual([thinking("Hmm."), text("42"), call, text("!")]);
});

test("signs of life add up what they tell, and say nothing behind another event", () => {
  const signs = [alive, alive, written('{"a"'), written(":1}"), { type: "alive", usage } as const];
  expect(joinDeltas(signs)).toEqual([{ type: "alive", usage, written: '{"a":1}' }]);
  expect(joinDeltas([text("42"), alive])).toEqual([text("42")]);
});

test("nothing becomes nothing", () => {
  expect(joinDeltas([])).toEqual([]);
});
