import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import type { z } from "zod";
import type { Policy } from "../../src/coordination/policy.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { withSkills } from "../coordination/random-turn.ts";
import { setTable, started } from "../coordination/table.ts";

/** Three agents with track records, of which the first one is alone with its result. */
async function played(
  skills: readonly number[],
  policy: z.input<typeof Policy> = {},
): Promise<TurnState> {
  const limits = { rounds: 1, revisions_per_agent: 0 };
  const start = started(3, { tally: "pooled", scoreboard: "learned", limits, ...policy });
  const table = await setTable(withSkills(start, skills));
  await table.claim("ada", "7");
  await table.claim("ben", "8");
  await table.claim("cleo", "8");
  await table.vote("ada", { ada: 7, ben: 5, cleo: 5 });
  await table.vote("ben", { ada: 5, ben: 6, cleo: 6 });
  await table.vote("cleo", { ada: 5, ben: 6, cleo: 6 });
  return fold(table.events);
}

const wordsOf = (state: TurnState) =>
  whyReply(state).blocks.flatMap((block) =>
    block.type === "text" ? block.markdown.split("\n").filter((line) => /count/.test(line)) : [],
  );

test("why says whose judgement counted more, by what, and that it decided", async () => {
  const state = await played([1.4, -0.7, -0.7]);
  expect(wordsOf(state)).toEqual([
    "- ada's answers and reviews count more here, ben's and cleo's less: by how their models did in earlier turns of this space, and what public comparisons say of them; without that, ben's answer would have been posted",
  ]);
});

test("why says no more than the weights where they did not decide", async () => {
  const state = await played([-0.4, 0.4, 0], { scoreboard: "prior" });
  expect(wordsOf(state)).toEqual([
    "- ben's answers and reviews count more here, ada's less: by what public comparisons say of their models",
  ]);
});

test("why says nothing of track records where all agents count the same, or the rule does not use them", async () => {
  expect(wordsOf(await played([]))).toEqual([]);
  expect(wordsOf(await played([0.05, 0, -0.05]))).toEqual([]);
  expect(wordsOf(await played([1.4, -0.7, -0.7], { tally: "scores" }))).toEqual([]);
});
