import { expect, test } from "vitest";
import { labelOf, setTable, settle, started, usage } from "./table.ts";

test("three agents answer at once, review each other once, and the best scored answer is presented as it stands", async () => {
  const t = await setTable(started(3));
  expect(t.open().map(({ move }) => move.kind)).toEqual(["answer", "answer", "answer"]);
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  expect(t.open().map(({ move }) => move.kind)).toEqual(["review", "review", "review"]);
  for (const agent of ["ada", "ben", "cleo"]) await t.vote(agent, { ada: 2, ben: 9, cleo: 5 });
  const state = await t.turn.done;
  expect(state.presented).toBe("answer of ben");
  expect(state.closing).toMatchObject({ closedBy: "settled", decidedBy: "tally" });
  expect(state.started).toBe(6);
});

test("a reviewer reads the others' answers under anonymous labels, its own last", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  for (const agent of ["ada", "ben", "cleo"]) {
    const { shown } = t.of(agent).move;
    expect(shown.map(({ own }) => own)).toEqual([false, false, true]);
    expect(shown.map(({ label }) => label).sort()).toEqual(["A", "B", "C"]);
  }
  const first = ["ada", "ben", "cleo"].map((agent) => t.of(agent).move.shown[0]?.label);
  expect(new Set(first).size).toBeGreaterThan(1);
});

test("labels stay with their agents for the whole turn", async () => {
  const t = await setTable(started(3));
  const before = labelOf(t.state(), "ben");
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.answer("ben", "better", { ada: 1, cleo: 1 });
  const shown = t.of("ada").move.shown.find(({ revision }) => revision.startsWith("ben."));
  expect(shown?.label).toBe(before);
});

test("reviews begin without the straggler once gather has passed and a quorum stands", async () => {
  const t = await setTable(started(3, { limits: { gather: 15 } }));
  await t.answer("ada");
  await t.answer("ben");
  await t.clock.advance(14_000);
  expect(t.open().map(({ move }) => move.id)).toEqual(["cleo:answer:3"]);
  await t.clock.advance(1_100);
  expect(t.open().filter(({ move }) => move.kind === "review")).toHaveLength(2);
  expect(t.of("cleo").move.kind).toBe("answer");
});

test("gather alone does not start reviews while fewer answers than the quorum stand", async () => {
  const t = await setTable(started(3));
  await t.answer("ada");
  await t.clock.advance(60_000);
  expect(t.open().map(({ move }) => move.kind)).toEqual(["answer", "answer"]);
});

test("late answers are put to each reviewer once, in one batch", async () => {
  const t = await setTable(started(4));
  await t.answer("ada");
  await t.answer("ben");
  await t.clock.advance(16_000);
  await t.vote("ada", { ada: 5, ben: 6 });
  await t.vote("ben", { ada: 5, ben: 6 });
  await t.answer("cleo");
  expect(t.open().map(({ move }) => move.id)).toEqual(["dov:answer:4", "cleo:review:7"]);
  await t.answer("dov");
  const reviews = t.open().filter(({ move }) => move.kind === "review");
  const shown = Object.fromEntries(reviews.map(({ move }) => [move.agent, move.shown.length]));
  expect(shown).toEqual({ ada: 4, ben: 4, cleo: 3, dov: 4 });
});

test("a revision never aborts a review in flight; it is put to that reviewer later", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.answer("ada", "much better", { ben: 4, cleo: 4 });
  expect(t.types()).not.toContain("move_aborted");
  await t.vote("ben", { ada: 6, ben: 5, cleo: 4 });
  await t.vote("cleo", { ada: 6, ben: 5, cleo: 4 });
  const again = t.open().map(({ move }) => move.shown.map(({ revision }) => String(revision)));
  expect(again).toHaveLength(2);
  expect(again.every((shown) => shown.includes("ada.2"))).toBe(true);
});

test("an agent stands with its latest electable revision", async () => {
  const t = await setTable(started(3, { limits: { rounds: 1 } }));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.vote("ben", { ada: 6, ben: 5, cleo: 5 });
  await t.vote("cleo", { ada: 6, ben: 5, cleo: 5 });
  await t.answer("ada", "a revision nobody has seen", { ben: 1, cleo: 1 });
  const state = await t.turn.done;
  expect(state.closing).toMatchObject({ revision: "ada.1", closedBy: "limit", limit: "rounds" });
  expect(state.presented).toBe("answer of ada");
});

test("an answer equal but for white space and case is no new revision, and scores ten for the one it repeats", async () => {
  const t = await setTable(started(2));
  await t.answer("ada", "Forty two.");
  await t.answer("ben", "  forty\n TWO. ");
  const state = await t.turn.done;
  expect(state.revisions.map(({ id }) => id)).toEqual(["ada.1"]);
  expect(t.last("answer_repeated").ballot.scores).toEqual({ "ada.1": 10 });
  expect(state.started).toBe(2);
});

test("scores under labels that nobody has are dropped, and a ballot with none left is an abstention", async () => {
  const t = await setTable(started(2));
  await t.answer("ada");
  await t.answer("ben");
  await t.end("ada", { kind: "voted", scores: [{ label: "Q", score: 9 }], reason: "", usage });
  await t.vote("ben", { ada: 7, ben: 6 });
  const state = await t.turn.done;
  expect(t.last("abstained").agent).toBe("ada");
  expect(state.presented).toBe("answer of ada");
});

test("an agent that fails leaves the turn, and the others go on", async () => {
  const t = await setTable(started(3));
  await t.end("cleo", { kind: "failed", failure: "auth", message: "no key", usage: null });
  await t.answer("ada");
  await t.answer("ben");
  await t.vote("ada", { ada: 4, ben: 6 });
  await t.vote("ben", { ada: 4, ben: 6 });
  expect((await t.turn.done).presented).toBe("answer of ben");
});

test("when every agent fails the turn ends as failed and nothing is presented", async () => {
  const t = await setTable(started(2));
  for (const agent of ["ada", "ben"]) {
    await t.end(agent, { kind: "failed", failure: "network", message: "down", usage: null });
  }
  const state = await t.turn.done;
  expect(state).toMatchObject({ outcome: "failed", presented: null });
  expect(state.agents.map(({ failed }) => failed?.failure)).toEqual(["network", "network"]);
});

test("with one live agent and one answer left there is no review", async () => {
  const t = await setTable(started(2));
  await t.end("ben", { kind: "failed", failure: "overloaded", message: "529", usage: null });
  await t.answer("ada");
  expect((await t.turn.done).started).toBe(2);
});

test("a lone agent is one call", async () => {
  const t = await setTable(started(1));
  await t.answer("ada");
  expect(await t.turn.done).toMatchObject({ started: 1, presented: "answer of ada" });
});

test("a team that works solo asks its first agent alone, and the next one only if that fails", async () => {
  const t = await setTable(started(3, { mode: "solo" }));
  expect(t.open()).toHaveLength(1);
  await t.end("ada", { kind: "failed", failure: "auth", message: "no key", usage: null });
  expect(t.open().map(({ move }) => move.agent)).toEqual(["ben"]);
  await t.answer("ben");
  expect(await t.turn.done).toMatchObject({ presented: "answer of ben", started: 2 });
});

test("auto asks the router first and journals its reason", async () => {
  const route = async () => ({ mode: "solo" as const, reason: "small talk", usage });
  const t = await setTable(started(3, { mode: "auto" }), { route });
  await t.answer("ada");
  const state = await t.turn.done;
  expect(state.routing).toEqual({ mode: "solo", reason: "small talk" });
  expect(state.started).toBe(1);
  expect(state.spent.input).toBe(200);
});

test("polish lets the presenter rewrite its answer, and falls back to the elected text", async () => {
  for (const outcome of ["polished", "failed"] as const) {
    const t = await setTable(started(2, { present: "polish" }));
    await t.answer("ada");
    await t.answer("ben");
    await t.vote("ada", { ada: 9, ben: 2 });
    await t.vote("ben", { ada: 9, ben: 2 });
    expect(t.of("ada").move).toMatchObject({ kind: "present" });
    expect(t.of("ada").move.shown.map(({ revision }) => revision)).toEqual(["ada.1", "ben.1"]);
    if (outcome === "polished") await t.answer("ada", "polished");
    else await t.end("ada", { kind: "failed", failure: "network", message: "gone", usage: null });
    const expected = outcome === "polished" ? "polished" : "answer of ada";
    expect(await t.turn.done).toMatchObject({ outcome: "answered", presented: expected });
  }
});

test("stopping aborts every model at once and presents nothing", async () => {
  const t = await setTable(started(3));
  await t.answer("ada");
  const running = t.open();
  t.turn.stop("Kim", "stop");
  await settle();
  expect(running.every(({ hooks }) => hooks.signal.aborted)).toBe(true);
  expect(await t.turn.done).toMatchObject({ outcome: "stopped", presented: null });
});
