import { expect, test } from "vitest";
import { agreementOn, formatAgreement, supportersOf } from "../../src/progress/agreement.ts";
import { differenceFrom } from "../../src/progress/difference.ts";
import { RevisionId } from "../../src/coordination/turn-event.ts";
import { finalView, formatFooter } from "../../src/progress/final-view.ts";
import { setTable, started } from "../coordination/table.ts";

/** A turn of agents that all answer, then vote like this. */
async function voted(votes: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const agents = Object.keys(votes);
  const t = await setTable(started(agents.length));
  for (const agent of agents) await t.answer(agent);
  for (const [agent, scores] of Object.entries(votes)) await t.vote(agent, scores);
  return t.turn.done;
}

test("an answer that every agent puts first is agreed on", async () => {
  const state = await voted({
    ada: { ada: 9, ben: 2, cleo: 3 },
    ben: { ada: 8, ben: 8, cleo: 1 },
    cleo: { ada: 7, ben: 3, cleo: 5 },
  });
  expect(agreementOn(state)).toEqual({ preferred: 3, of: 3 });
  const footer = finalView(state)?.footer;
  expect(footer && formatFooter(footer)).toMatch(/^All three agents agree · /);
});

test("the footer counts who prefers the answer, and says whose it is", async () => {
  const state = await voted({
    ada: { ada: 9, ben: 2, cleo: 3 },
    ben: { ada: 8, ben: 6, cleo: 1 },
    cleo: { ada: 6, ben: 3, cleo: 9 },
  });
  const footer = finalView(state)?.footer;
  expect(footer && formatFooter(footer)).toMatch(/^ada's answer · preferred by 2 of 3 · /);
  expect(supportersOf(state, RevisionId.parse("ada.1"))).toEqual(["ada", "ben"]);
  expect(supportersOf(state, RevisionId.parse("cleo.1"))).toEqual(["cleo"]);
});

test("who has revised the answer that it put first still prefers its own", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.answer("cleo", "a better one", { ada: 4, ben: 3, cleo: 8 });
  for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 9, ben: 8, cleo: 1 });
  t.turn.stop("Eve", "finish");
  const state = await t.turn.done;
  expect(agreementOn(state)).toEqual({ preferred: 2, of: 3 });
});

test("a lone agent agrees with nobody", async () => {
  const t = await setTable(started(1));
  await t.answer("ada");
  const state = await t.turn.done;
  expect(agreementOn(state)).toBeNull();
  expect(formatAgreement(null)).toBe("");
});

test.each([
  [{ preferred: 2, of: 2 }, "Both agents agree"],
  [{ preferred: 4, of: 4 }, "All four agents agree"],
  [{ preferred: 14, of: 14 }, "All 14 agents agree"],
  [{ preferred: 1, of: 3 }, "preferred by 1 of 3"],
])("%j reads as a sentence", (agreement, words) => {
  expect(formatAgreement(agreement)).toBe(words);
});

test.each([
  [
    "Use a queue.",
    "Use a cron job. No broker to run. It is old.",
    "Use a cron job. No broker to run.",
  ],
  ["Use a queue. It is safe.", "**Use a queue.** It is fast.", "It is fast."],
  ["Use a queue.", "use a  QUEUE!", ""],
  ["用队列。", "用队列。用定时任务。", "用定时任务。"],
  ["- a\n- b", "- a\n- c", "- c"],
  ["anything", "", ""],
])("how an answer differs from %j", (posted, other, difference) => {
  expect(differenceFrom(posted, other)).toBe(difference);
});

test("a difference is short, on one line, and never cuts a character", () => {
  const long = `${"😀".repeat(400)}\n${"x".repeat(5_000)}`;
  const difference = differenceFrom("", long);
  expect(difference.length).toBeLessThanOrEqual(280);
  expect(difference.isWellFormed()).toBe(true);
  expect(difference).not.toContain("\n");
});
