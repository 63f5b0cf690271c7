import { describe, expect, test } from "vitest";
import { lineOf, queuedTable, room, send } from "./queued-table.ts";
import { setTable, settle, started, streamed } from "./table.ts";

describe("while all calls wait for room", () => {
  test("the clocks of the moves and of the turn stand still", async () => {
    const t = await queuedTable(2);
    await t.clock.advance(500_000);
    expect(t.state()).toMatchObject({ outcome: null, closing: null });
    for (const agent of ["ada", "ben"]) await send(t, agent);
    await t.clock.advance(149_000);
    expect(t.open()).toHaveLength(2);
    await t.answer("ada");
    await t.answer("ben");
    for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 8, ben: 3 });
    const { outcome, queuedMs, now } = await t.turn.done;
    expect({ outcome, queuedMs: Math.round(queuedMs / 1000), now: Math.round(now / 1000) }).toEqual(
      {
        outcome: "answered",
        queuedMs: 500,
        now: 649,
      },
    );
  });

  test("a move that was sent still has all of its time, and no more", async () => {
    const t = await queuedTable(2);
    await t.clock.advance(100_000);
    await send(t, "ada");
    await t.clock.advance(149_000);
    expect(t.state().agents[0]?.failed).toBeNull();
    await t.clock.advance(1_001);
    expect(t.state().agents[0]?.failed).toEqual({
      failure: "timeout",
      message: "no result within 150 s",
      reason: "time_limit",
    });
  });

  test("revisions may still be offered later: the last start is a time of the turn's clock", async () => {
    const t = await queuedTable(2, { limits: { turn_timeout: 100 } });
    await t.clock.advance(90_000);
    for (const agent of ["ada", "ben"]) await send(t, agent);
    for (const agent of ["ada", "ben"]) await t.answer(agent);
    expect(t.of("ada").move).toMatchObject({ kind: "review", mayRevise: true });
  });
});

test("the turn's clock runs while one call of several is under way", async () => {
  const t = await queuedTable(2, { limits: { turn_timeout: 100 } }, 1);
  await t.clock.advance(100_000);
  expect((await t.turn.done).closing).toMatchObject({ closedBy: "limit", limit: "turn_timeout" });
});

describe("a move that waits for room", () => {
  test("is shown as queued, with what it waits for and since when", async () => {
    const t = await queuedTable(2);
    t.of("ben").hooks.onQueued({ cause: "rate_limit", resumesInMs: 42_000 });
    await settle();
    await t.clock.advance(2_000);
    expect(["ada", "ben"].map((agent) => lineOf(t, agent, 2_000))).toMatchObject([
      { status: "queued", note: "for a free call slot", elapsedMs: 2_000 },
      { status: "queued", note: "for the rate limit, 40s left", elapsedMs: 2_000 },
    ]);
    await send(t, "ada");
    expect(lineOf(t, "ada", 2_500)).toMatchObject({
      status: "answering",
      note: null,
      elapsedMs: 500,
    });
  });

  test("ends at once when the turn is stopped, and costs nothing", async () => {
    const t = await queuedTable(2);
    const calls = t.open();
    t.turn.stop("Kim", "stop");
    const state = await t.turn.done;
    expect(calls.every(({ hooks }) => hooks.signal.aborted)).toBe(true);
    expect(state).toMatchObject({ outcome: "stopped", wasted: 0, knownCostUsd: 0 });
  });

  test("of a dead process is queued again, counts no round and costs nothing", async () => {
    const dead = await queuedTable(2);
    await dead.clock.advance(120_000);
    const t = await setTable(started(2), { before: dead.events, isSent: false });
    expect(t.events.slice(dead.events.length).map(({ type }) => type)).toEqual([
      "move_aborted",
      "move_aborted",
      "move_started",
      "move_started",
    ]);
    const { agents, spent, wasted } = t.state();
    expect(agents.map(({ asked }) => asked.answer)).toEqual([1, 1]);
    expect({ spent: spent.input, wasted }).toEqual({ spent: 0, wasted: 0 });
  });

  test("of a dead process that had been sent is booked at its prompt", async () => {
    const dead = await queuedTable(1);
    await send(dead, "ada");
    const t = await setTable(started(1), { before: dead.events, isSent: false });
    expect(t.state().spent.input).toBeGreaterThan(0);
  });

  test("and is a review is asked anew for all answers, when one more stands by then", async () => {
    const t = await setTable(started(3));
    for (const agent of ["ada", "ben"]) await t.answer(agent);
    await t.clock.advance(15_000);
    t.of("ada").hooks.onUsage(() => ({ ...streamed, input: 0, output: 0 }));
    t.of("ada").hooks.onQueued(room);
    await settle();
    const before = t.of("ada").move;
    await t.answer("cleo");
    expect(before.shown).toHaveLength(2);
    expect(t.of("ada").move.shown).toHaveLength(3);
    expect(t.state().agents[0]?.asked.review).toBe(1);
    expect(t.last("move_aborted")).toMatchObject({ agent: "ada", cause: "stale" });
  });

  test("is asked anew with a message that came meanwhile", async () => {
    const t = await queuedTable(2);
    await t.steer("and in euros");
    expect(t.open().map(({ move }) => move.steering)).toEqual([1, 1]);
    expect(t.state().agents.map(({ asked }) => asked.answer)).toEqual([1, 1]);
  });

  test("for a correction of its first reply keeps its place when a message comes", async () => {
    const t = await setTable(started(2));
    t.of("ada").hooks.onQueued(room);
    await settle();
    await t.steer("and in euros");
    expect(t.of("ada").move.steering).toBe(0);
  });
});

test("the router's wait is no time of the turn, and of nobody else", async () => {
  const asked = Promise.withResolvers<{ onQueued: () => void; onSent: () => void }>();
  const routed = Promise.withResolvers<{ mode: "team"; reason: string; usage: null }>();
  const t = await setTable(started(2, { mode: "auto" }), {
    route: (_signal, hooks) => {
      asked.resolve({ onQueued: () => hooks.onQueued(room), onSent: hooks.onSent });
      return routed.promise;
    },
  });
  const hooks = await asked.promise;
  hooks.onQueued();
  await t.clock.advance(400_000);
  hooks.onSent();
  await settle();
  routed.resolve({ mode: "team", reason: "", usage: null });
  await settle();
  expect(t.open()).toHaveLength(2);
  expect(t.types()).toEqual(expect.arrayContaining(["routing_queued", "routing_sent"]));
});

test("grace does not pass while the last reviewer waits for room", async () => {
  const t = await setTable(started(4));
  for (const agent of ["ada", "ben", "cleo", "dov"]) await t.answer(agent);
  t.of("dov").hooks.onQueued(room);
  for (const agent of ["ada", "ben", "cleo"])
    await t.vote(agent, { ada: 6, ben: 6, cleo: 6, dov: 6 });
  await t.clock.advance(60_000);
  expect(t.state().closing).toBeNull();
  t.of("dov").hooks.onSent();
  await t.clock.advance(10_001);
  expect((await t.turn.done).closing?.closedBy).toBe("grace");
});
