import { describe, expect, it } from "vitest";
import { A9, scoresIn } from "./scores-in.ts";

describe("a score is read", () => {
  it.each([
    ["8,5"],
    ["8.5"],
    [" 8.5 "],
    ["8.5/10"],
    ["8,5 / 10"],
    ["8.5 out of 10"],
    ["8.5 von 10"],
    ["85/100"],
    ["85%"],
    ["85 %"],
    ["**8.5**"],
    ["~8.5"],
    ["8.5 (good)"],
    ["8.5 – small gaps"],
    ["8.5 points"],
    ["Score: 8.5"],
    ["8-9"],
    ["4.25/5"],
  ])("as %j", (given) => {
    expect(scoresIn({ scores: { A: given, B: "0/10" } })["A"]).toBeCloseTo(8.5);
  });

  it.each([["great"], [""], [null], [true], [{}], ["see above"], ["A1"]])("not as %j", (given) => {
    expect(scoresIn({ scores: { A: given, B: 5 } })).toEqual({ B: 5 });
  });

  it("as letters and stars", () => {
    expect(scoresIn({ scores: { A: "A+", B: "B", C: "F" } })).toEqual({ A: 9.7, B: 7, C: 0 });
    expect(scoresIn({ scores: { A: "★★★★★", B: "★★★☆☆", C: "★☆☆☆☆" } })).toEqual({
      A: 10,
      B: 6,
      C: 2,
    });
  });
});

describe("a scale is recognised by the whole ballot", () => {
  it.each([
    ["of 100", { A: 90, B: 70, C: 50 }, A9],
    ["of 100, though one score is low", { A: 90, B: 70, C: 5 }, { A: 9, B: 7, C: 0.5 }],
    ["of 1", { A: 0.9, B: 0.7, C: 0.5 }, A9],
    ["of 1, with its ends", { A: 1, B: 0.7, C: 0 }, { A: 10, B: 7, C: 0 }],
    ["of 20", { A: 18, B: 14, C: 10 }, A9],
    ["of 1000", { A: 900, B: 700, C: 500 }, A9],
    ["of 10, with a slip", { A: 11, B: 8, C: -3 }, { A: 10, B: 8, C: 0 }],
    ["of 10, though all are low", { A: 3, B: 2, C: 1 }, { A: 3, B: 2, C: 1 }],
    ["of 10, with decimals", { A: 9.5, B: 0.5, C: 1 }, { A: 9.5, B: 0.5, C: 1 }],
    ["that one score names", { A: "90/100", B: 70, C: 50 }, A9],
    ["that each score names", { A: "80%", B: "7/10", C: 9 }, { A: 8, B: 7, C: 9 }],
    ["of percent that one score names", { A: "90%", B: 70, C: 5 }, { A: 9, B: 7, C: 0.5 }],
  ])("%s", (_, scores, expected) => expect(scoresIn({ scores })).toEqual(expected));

  it("named by a field", () => {
    expect(scoresIn({ scores: { A: 5, B: 4, C: 1 }, scale: "1-5" })).toEqual({ A: 10, B: 8, C: 2 });
    expect(scoresIn({ scores: [{ answer: "A", score: 4, out_of: 5 }] })).toEqual({ A: 8 });
  });
});

describe("places count in place of scores", () => {
  const ranked = { B: 10, A: 5, C: 0 };
  it.each([
    ["a list", { ranking: ["B", "A", "C"] }],
    ["a chain", { ranking: "B > A > C" }],
    ["places by name", { ranks: { A: 2, B: 1, C: 3 } }],
    [
      "entries",
      {
        rankings: [
          { answer: "A", rank: 2 },
          { answer: "B", rank: 1 },
          { answer: "C", rank: 3 },
        ],
      },
    ],
  ])("as %s", (_, args) => expect(scoresIn(args)).toEqual(ranked));
});
