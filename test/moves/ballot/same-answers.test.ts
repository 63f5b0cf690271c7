import { expect, it } from "vitest";
import { call, callsFor, lastText, move, play } from "../table.ts";

const review = move("review", { claims: true });

async function sameIn(args: Record<string, unknown>) {
  const { outcome } = await play(review, [callsFor(call("vote", args))]);
  return outcome.kind === "voted" ? outcome.same : undefined;
}

const CA = [{ label: "C", sameAs: "A" }];

it("reads which answers come to the same, in the shapes that models write", async () => {
  for (const args of [
    {
      scores: [
        { answer: "A", score: 8, same_as: "" },
        { answer: "C", score: 7, same_as: "A" },
      ],
    },
    { scores: [{ answer: "C", score: 7, sameAs: "Answer A" }] },
    { scores: [{ answer: "C", score: 7, same_as: ["A"] }] },
    { scores: { A: { score: 8 }, C: { score: 7, same_as: "A" } } },
    { scores: { A: 8, C: 7 }, same_as: { C: "A" } },
    { scores: { A: 8, C: 7 }, groups: [["C", "A"], ["B"]] },
  ]) {
    expect(await sameIn(args), JSON.stringify(args)).toEqual(CA);
  }
});

it("drops what names no answer that was shown, or the answer itself", async () => {
  for (const same_as of ["", "none", "-", "Z", "C", null, 12]) {
    expect(await sameIn({ scores: [{ answer: "C", score: 7, same_as }] })).toBeUndefined();
  }
});

it("does not take the field for a score", async () => {
  const { outcome } = await play(review, [
    callsFor(call("vote", { scores: [{ answer: "C", quality: 7, same_as: 2 }] })),
  ]);
  expect(outcome).toMatchObject({ scores: [{ label: "C", score: 7 }] });
});

const chances = move("review", { claims: true, chances: true });

it("reads chances in percent as tenths, however low all of them are", async () => {
  const read = async (args: Record<string, unknown>) => {
    const { outcome } = await play(chances, [callsFor(call("vote", args))]);
    return outcome.kind === "voted" ? outcome.scores : [];
  };
  const low = [
    { label: "B", score: 0.5 },
    { label: "C", score: 0.2 },
  ];
  expect(
    await read({
      scores: [
        { answer: "B", chance: 5 },
        { answer: "C", chance: 2 },
      ],
    }),
  ).toEqual(low);
  expect(await read({ scores: { B: "5%", C: "2 %" } })).toEqual(low);
  expect(await read({ scores: { B: 0.05, C: 0.02 } })).toEqual(low);
});

it("asks for chances where the team wants them", async () => {
  const { requests } = await play(chances, [callsFor(call("vote", { scores: { B: 50 } }))]);
  expect(lastText(requests[0]?.messages)).toContain("give a chance to every answer above");
});
