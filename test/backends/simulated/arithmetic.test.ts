import { expect, it } from "vitest";
import {
  evaluate,
  findSum,
  formatNumber,
} from "../../../src/backends/simulated/find/arithmetic.ts";

it.each([
  ["12 * (3 + 4)", 84],
  ["2 + 3 * 4", 14],
  ["-2 ^ 2", -4],
  ["2 ^ 3 ^ 2", 512],
  ["10 - 4 - 3", 3],
  ["1 / 4", 0.25],
  ["-(3 - 5) * 2", 4],
])("the simulation works out %s", (expression, value) => {
  expect(evaluate(expression)).toBe(value);
});

it.each(["", "1 / 0", "(1 + 2", "1 +", "1 2", ")", "9 ^ 9999"])(
  "the simulation makes nothing of %j",
  (expression) => {
    expect(evaluate(expression)).toBeNull();
  },
);

it.each([
  ["What is 12 * (3 + 4)?", "12 * (3 + 4)", 84],
  ["what's 1,200 plus 15 times 2?", "1200 + 15 * 2", 1230],
  ["20% of 450?", "20/100 * 450", 90],
  ["How much is 144 divided by 12", "144 / 12", 12],
  ["3x4", "3*4", 12],
  ["(as I said, 3 + 4)", "3 + 4", 7],
  ["What is 12-5?", "12-5", 7],
])("the simulation finds the sum in %j", (text, expression, value) => {
  expect(findSum(text)).toEqual({ expression, value });
});

it.each([
  "We meet on 2026-11-23",
  "3-5 people came",
  "open 24/7",
  "chapter 12 and page 7",
  "call 555-1234",
])("the simulation sees no sum in %j", (text) => {
  expect(findSum(text)).toBeNull();
});

it("the simulation writes numbers without noise", () => {
  expect(formatNumber(0.1 + 0.2)).toBe("0.3");
  expect(formatNumber(75)).toBe("75");
});
