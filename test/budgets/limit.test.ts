import { expect, test } from "vitest";
import { BudgetSettingError, parseBudgetSetting } from "../../src/budgets/parse-budget-setting.ts";
import { formatLimit, LIMIT_EXAMPLES, parseLimit } from "../../src/budgets/limit.ts";

test.each([
  ["5usd/day", "$5.00 a day"],
  ["$0.5 a day", "$0.500 a day"],
  ["5 dollars per day", "$5.00 a day"],
  ["200ktokens/day", "200k tokens a day"],
  ["1.5M tokens / day", "1.5M tokens a day"],
  ["10turns/hour", "10 turns an hour"],
  ["1 turn a minute", "1 turn a minute"],
  ["3 questions every hour", "3 turns an hour"],
  ["20 messages/d", "20 turns a day"],
])("“%s” is %s", (written, meant) => {
  const limit = parseLimit(written);
  expect(limit && formatLimit(limit)).toBe(meant);
});

test.each([
  "",
  "5",
  "5/day",
  "usd/day",
  "0usd/day",
  "-5usd/day",
  "0.5turns/day",
  "5usd/week",
  "5usd",
])("“%s” is no limit", (written) => expect(parseLimit(written)).toBeNull());

test("the examples in error messages are valid", () => {
  expect(LIMIT_EXAMPLES.map(parseLimit)).not.toContain(null);
});

test("PARLEY_BUDGET limits everything, or each person, channel or space", () => {
  expect(parseBudgetSetting("50usd/day, 2usd/day --person; 20 turns/hour --channel,")).toEqual([
    { reach: "all", limit: { unit: "usd", amount: 50, per: "day" } },
    { reach: "person", limit: { unit: "usd", amount: 2, per: "day" } },
    { reach: "channel", limit: { unit: "turns", amount: 20, per: "hour" } },
  ]);
  expect(parseBudgetSetting(" ")).toEqual([]);
});

test("an invalid PARLEY_BUDGET is an error", () => {
  expect(() => parseBudgetSetting("50usd/day, 5/day")).toThrow(BudgetSettingError);
  expect(() => parseBudgetSetting("5usd/day --team")).toThrow(
    "PARLEY_BUDGET: “5usd/day --team” is no limit. Write 5usd/day or 200ktokens/day or 10turns/hour, several with commas between; behind one, --person, --channel or --space has it hold for each of those instead of all together.",
  );
});
