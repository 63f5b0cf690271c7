import { expect, test } from "vitest";
import { excerpt, formatFailure } from "../../src/progress/failure-words.ts";
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatScore,
  formatTokens,
} from "../../src/progress/format.ts";

test.each([
  [-5, "0s"],
  [999, "0s"],
  [42_500, "42s"],
  [60_000, "1m00s"],
  [125_000, "2m05s"],
  [3_599_999, "59m59s"],
  [3_780_000, "1h03m"],
])("%i ms read %s", (ms, words) => expect(formatDuration(ms)).toBe(words));

test.each([
  [null, "cost unknown"],
  [0, "$0"],
  [0.00002, "<$0.0001"],
  [0.0042, "$0.0042"],
  [0.0421, "$0.042"],
  [1.239, "$1.24"],
])("%s dollars read %s", (usd, words) => expect(formatMoney(usd)).toBe(words));

test.each([
  [0, "0"],
  [950, "950"],
  [1000, "1k"],
  [1234, "1.2k"],
  [9960, "10k"],
  [12_345, "12k"],
  [999_499, "999k"],
  [999_500, "1M"],
  [1_234_567, "1.2M"],
])("%i tokens read %s", (tokens, words) => expect(formatTokens(tokens)).toBe(words));

test.each([
  [2.345, "scores", "+2.3"],
  [-0.5, "scores", "−0.5"],
  [-0.04, "scores", "0.0"],
  [null, "scores", "–"],
  [1, "plurality", "1 vote"],
  [2, "plurality", "2 votes"],
  [1.5, "plurality", "1.5 votes"],
  [0, "plurality", "0 votes"],
] as const)("a tally of %s under %s reads %s", (score, tally, words) =>
  expect(formatScore(score, tally)).toBe(words),
);

test("one is not many", () => {
  expect([formatCount(1, "agent"), formatCount(0, "agent")]).toEqual(["1 agent", "0 agents"]);
});

test("a failure shows all of its message on one line, or a few words if that is hidden", () => {
  expect(formatFailure({ failure: "auth", message: "" })).toBe("the provider rejects the key");
  const long = "x".repeat(200);
  expect(formatFailure({ failure: "network", message: `ECONNRESET\n${long}.` })).toBe(
    `ECONNRESET ${long}`,
  );
});

test("an excerpt never ends in half a character", () => {
  expect(excerpt("ab😀cd", 4)).toBe("ab…");
});
