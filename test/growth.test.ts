import { expect, test } from "vitest";
import { measureGrowth, MOST_GROWTH } from "./support/growth.ts";

const LENGTH = 1_000;
const make = (length: number): string => "a".repeat(length);

/** Keeps the processor busy: one unit is some 50 ms. */
function work(units: number): number {
  let sum = 0;
  for (let round = 0; round < units * 12_000_000; round++) sum += Math.sqrt(round ^ sum);
  return sum;
}

/** What a text costs that is so many times as long as the longer one that is measured first. */
const COSTS = {
  constant: () => 1,
  linear: (times: number) => times,
  "n log n": (times: number) => times * (1 + Math.log2(times) / 11),
};

const ratioOf = (costOf: (times: number) => number): number =>
  measureGrowth((text) => work(costOf(text.length / (2 * LENGTH))), make, LENGTH).ratio;

test.each(["constant", "linear", "n log n"] as const)("%s growth passes", (name) => {
  expect(ratioOf(COSTS[name])).toBeLessThanOrEqual(MOST_GROWTH);
});

test("quadratic growth is found", () => {
  expect(ratioOf((times) => times ** 2)).toBeGreaterThan(MOST_GROWTH);
});

test("a search for what is not there, begun at each character, is found", () => {
  const read = (text: string) => {
    let sum = 0;
    for (let at = 0; at < text.length; at++) sum += text.indexOf("ab", at);
    return sum;
  };
  // So long that the first comparison is certain: a longer text would take half a minute.
  expect(measureGrowth(read, make, 12_000).ratio).toBeGreaterThan(MOST_GROWTH);
});

test("a spell in which long texts take five times as long changes nothing", () => {
  let spell = 4;
  const costOf = (times: number) => (times >= 1 && spell-- > 0 ? 5 * times : times);
  expect(ratioOf(costOf)).toBeLessThanOrEqual(MOST_GROWTH);
});
