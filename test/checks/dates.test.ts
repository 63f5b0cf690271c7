import { expect, test } from "vitest";
import { DATES } from "../../src/checks/dates/dates.ts";

const run = (text: string) => DATES.run({ text, claim: null }, new AbortController().signal);

test.each([
  ["31 January 2026 is a Sunday.", "31 January 2026 is a Sunday", "it is a Saturday"],
  ["We meet on Monday, January 31st, 2026.", "Monday, January 31st, 2026", "it is a Saturday"],
  ["**2026-01-31** (Sunday)", "2026-01-31 (Sunday)", "it is a Saturday"],
  [
    "30 days after 2026-01-31 is 2026-03-01.",
    "30 days after 2026-01-31 is 2026-03-01",
    "it is Monday, 2 March 2026",
  ],
  [
    "2 weeks before 15 March 2026 is 2 March.",
    "2 weeks before 15 March 2026 is 2 March",
    "it is Sunday, 1 March 2026",
  ],
  [
    "2026-01-31 + 30 days = 2026-03-03",
    "2026-01-31 + 30 days = 2026-03-03",
    "it is Monday, 2 March 2026",
  ],
  [
    "From 1 January 2026 to 1 March 2026 is 61 days.",
    "From 1 January 2026 to 1 March 2026 is 61 days",
    "59 days, the first not counted",
  ],
  ["2100 is a leap year.", "2100 is a leap year", "it is not one"],
  ["2024 isn't a leap year.", "2024 isn't a leap year", "it is one"],
  [
    "100 days after a Tuesday is a Friday.",
    "100 days after a Tuesday is a Friday",
    "it is a Thursday",
  ],
])("%j is an error", async (text, quote, note) => {
  expect(await run(text)).toEqual([{ quote, verdict: "fails", note }]);
});

test.each([
  ["31 January 2026 is a Saturday."],
  ["Sat, 31 Jan 2026"],
  ["30 days after 31 January 2026 is 2 March."],
  ["From 1 January 2026 to 1 March 2026 is 60 days."],
  ["1900 was not a leap year."],
])("%j holds", async (text) => {
  expect(await run(text)).toMatchObject([{ verdict: "holds", note: "" }]);
});
