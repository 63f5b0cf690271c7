import { expect, test } from "vitest";
import { splitVote } from "../../src/coordination/split-vote.ts";
import { elect } from "../../src/coordination/tally.ts";
import { RevisionId } from "../../src/coordination/turn-event.ts";
import { setTable, settle, started } from "./table.ts";

test("in a team of four the last reviewer is waited for no longer than grace", async () => {
  const t = await setTable(started(4, { limits: { grace: 10 } }));
  for (const agent of ["ada", "ben", "cleo", "dov"]) await t.answer(agent);
  const scores = { ada: 5, ben: 6, cleo: 5, dov: 6 };
  for (const agent of ["ada", "ben", "cleo"]) await t.vote(agent, scores);
  await t.clock.advance(9_900);
  expect(t.state().outcome).toBeNull();
  const dov = t.of("dov");
  await t.clock.advance(200);
  expect((await t.turn.done).closing?.closedBy).toBe("grace");
  expect(dov.hooks.signal.aborted).toBe(true);
});

test("in a team of three the last reviewer is waited for", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 5, ben: 6, cleo: 5 });
  await t.clock.advance(60_000);
  expect(t.state().outcome).toBeNull();
});

test("a turn closes at once when no outstanding score can change the presenter", async () => {
  const t = await setTable(started(4));
  for (const agent of ["ada", "ben", "cleo", "dov"]) await t.answer(agent);
  for (const agent of ["ada", "ben", "cleo"]) {
    await t.vote(agent, { ada: 10, ben: 0, cleo: 0, dov: 0 });
  }
  const state = await t.turn.done;
  expect(state.closing).toMatchObject({ closedBy: "bound", revision: "ada.1" });
  expect(state.wasted).toBe(100);
});

test("a tie goes to the answer that most people prefer, else to the longest standing", async () => {
  for (const [preferred, decidedBy, winner] of [
    [true, "people", "ben.1"],
    [false, "longest_standing", "ada.1"],
  ] as const) {
    const t = await setTable(started(2, { limits: { people_weight: 0 } }));
    await t.answer("ada");
    await t.answer("ben");
    if (preferred) expect(t.prefer("U1", "ben")).toBe(true);
    await t.vote("ada", { ada: 6, ben: 6 });
    await t.vote("ben", { ada: 6, ben: 6 });
    expect((await t.turn.done).closing).toMatchObject({ decidedBy, revision: winner });
  }
});

test("a person's choice weighs as one more ballot, and the last choice counts", async () => {
  const t = await setTable(started(2));
  await t.answer("ada");
  await t.answer("ben");
  t.prefer("U1", "ada");
  t.prefer("U1", "ben");
  await t.vote("ada", { ada: 6, ben: 5 });
  await t.vote("ben", { ada: 6, ben: 5 });
  expect((await t.turn.done).presented).toBe("answer of ben");
});

test("a choice whose answer is followed by another one counts for the one that was chosen", async () => {
  const t = await setTable(started(2));
  await t.answer("ada");
  await t.answer("ben");
  const chosen = RevisionId.parse("ben.1");
  await t.answer("ben", "a better one", { ada: 5 });
  t.turn.prefer([{ person: "U1", revision: chosen }]);
  await settle();
  expect(t.state().preferences["U1"]).toEqual({ revision: "ben.1", standing: ["ada.1", "ben.1"] });
});

test("plurality counts one vote per reviewer, for its highest score", async () => {
  const t = await setTable(started(3, { tally: "plurality" }));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.vote("ada", { ada: 1, ben: 2, cleo: 10 });
  await t.vote("ben", { ada: 6, ben: 5, cleo: 0 });
  await t.vote("cleo", { ada: 6, ben: 5, cleo: 0 });
  expect((await t.turn.done).presented).toBe("answer of ada");
});

test("a split vote names the runner-up", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.vote("ada", { ada: 8, ben: 7, cleo: 2 });
  await t.vote("ben", { ada: 7, ben: 8, cleo: 2 }, ["ada", "“42” is wrong"]);
  await t.vote("cleo", { ada: 8, ben: 7, cleo: 7 }, ["ada", "“42” is not shown"]);
  const state = await t.turn.done;
  expect(splitVote(state)).toEqual({ runnerUp: "ben.1" });
});

test("a clear vote is not split", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  for (const agent of ["ada", "ben", "cleo"]) await t.vote(agent, { ada: 9, ben: 4, cleo: 2 });
  expect(splitVote(await t.turn.done)).toBeNull();
});

test("a turn in which nobody scored presents the longest standing answer and says so", async () => {
  const t = await setTable(started(2, { limits: { rounds: 0 } }));
  await t.answer("ben");
  await t.answer("ada");
  const state = await t.turn.done;
  expect(state.closing).toMatchObject({ decidedBy: "nothing_scored", revision: "ben.1" });
  expect(elect(state)?.revision).toBe("ben.1");
});

test("an agent that improved its answer and scored the others alone does not make the vote a split one", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.answer("ada", "much better", { ben: 5, cleo: 2 });
  for (const agent of ["ben", "cleo"]) await t.vote(agent, { ada: 3, ben: 4, cleo: 2 });
  for (const agent of ["ben", "cleo"]) await t.vote(agent, { ada: 9, ben: 3, cleo: 2 });
  expect(splitVote(await t.turn.done)).toBeNull();
});
