import { expect, test } from "vitest";
import { ARITHMETIC } from "../../src/checks/arithmetic/arithmetic.ts";

const run = (text: string) => ARITHMETIC.run({ text, claim: null }, new AbortController().signal);

test.each([
  ["17 × 23 = 381", "17 × 23 = 381", "it is 391"],
  ["So $17 \\times 23 = 381$, as asked.", "17 × 23 = 381", "it is 391"],
  ["17 * 23 = **381**", "17 * 23 = 381", "it is 391"],
  ["7 x 8 = 54", "7 x 8 = 54", "it is 56"],
  ["We get 1,000 − 7 = 983 apples.", "1,000 − 7 = 983", "it is 993"],
  ["1.250,50 + 1.000,00 = 2.350,50", "1.250,50 + 1.000,00 = 2.350,50", "it is 2250.5"],
  ["3 + 4 × 2 = 14", "3 + 4 × 2 = 14", "it is 11"],
  ["The volume is 2³ × 5 = 45.", "2^3 × 5 = 45", "it is 40"],
  ["\\(\\sqrt{144} = 13\\)", "√(144) = 13", "it is 12"],
  ["sqrt(144) + 1 = 12", "sqrt(144) + 1 = 12", "it is 13"],
  ["100 mod 7 = 3", "100 mod 7 = 3", "it is 2"],
  ["1/2 + 1/3 = 2/5", "1/2 + 1/3 = 2/5", "0.833333 on the left, 0.4 on the right"],
  ["17 × 20 = 340 and 17 × 3 = 41, so 340 + 41 = 381.", "17 × 3 = 41", "it is 51"],
  ["The area is 7.5 × 4 = 32 m².", "7.5 × 4 = 32", "it is 30"],
  ["That makes 60 × 24 = 1,400 minutes.", "60 × 24 = 1,400", "it is 1440"],
  ["Check: 17 × 23 = 381 ✓", "17 × 23 = 381", "it is 391"],
  ["381 = 17 × 23", "381 = 17 × 23", "it is 391"],
  ["2 + 3 × 4 = 2 + 12 = 15", "2 + 12 = 15", "it is 14"],
  ["17 × 23 ≈ 480", "17 × 23 ≈ 480", "it is 391"],
  ["80 × 15% = 13", "80 × 15% = 13", "it is 12"],
  ["15% of 80 is 13.", "15% of 80 is 13", "it is 12"],
  ["1. 12 + 30 = 43", "12 + 30 = 43", "it is 42"],
  ["| a | 12 + 30 = 43 |", "12 + 30 = 43", "it is 42"],
  ["17 × 23 equals 381", "17 × 23 equals 381", "it is 391"],
])("%j is an error", async (text, quote, note) => {
  const found = (await run(text)).filter(({ verdict }) => verdict === "fails");
  expect(found).toEqual([{ quote, verdict: "fails", note }]);
});

test("what holds is said as well, so that nobody calculates it again", async () => {
  expect(await run("17 × 23 = 391, and 10 / 3 = 3.33.")).toEqual([
    { quote: "17 × 23 = 391", verdict: "holds", note: "" },
    { quote: "10 / 3 = 3.33", verdict: "holds", note: "" },
  ]);
});

test("the last row of a table is held against the rows above it", async () => {
  const table = (total: string) =>
    `| Item | Amount |\n|---|---:|\n| Flour | $1,200.50 |\n| Water | $30.00 |\n| **Total** | **${total}** |`;
  expect(await run(table("$1,230.50"))).toMatchObject([{ verdict: "holds" }]);
  expect(await run(table("$1,330.50"))).toEqual([
    { quote: "Amount: 1,330.50 in total", verdict: "fails", note: "the rows add up to 1230.5" },
  ]);
});

test("numbers without end are left alone", async () => {
  const found = await run("9^99999 = 1, 9^9999 = 1, 2^-9 / 0 = 1, (1 / 0) × 2 = 3");
  expect(found).toEqual([]);
  expect(await run(`${"9".repeat(5000)} + 1 = 2`)).toEqual([]);
  expect(await run(`${"(".repeat(900)}1 + 1${")".repeat(900)} = 2`)).toEqual([]);
});

test("ten thousand rows and as many lines are read once, and not to their end", async () => {
  expect(await run("|-|-|\n".repeat(10_000))).toEqual([]);
  expect((await run("1 + 2 = 3\n".repeat(10_000))).length).toBe(1_000);
});
