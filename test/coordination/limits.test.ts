import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { AgentId } from "../../src/ids.ts";
import { setTable, settle, started, streamed } from "./table.ts";

test("at the turn's time limit the best standing answer is presented and everything running is aborted", async () => {
  const t = await setTable(started(3, { limits: { turn_timeout: 60 } }));
  await t.answer("ada");
  const running = t.open();
  await t.clock.advance(60_000);
  const state = await t.turn.done;
  expect(state).toMatchObject({ outcome: "answered", presented: "answer of ada" });
  expect(state.closing).toMatchObject({ closedBy: "limit", limit: "turn_timeout" });
  expect(running.every(({ hooks }) => hooks.signal.aborted)).toBe(true);
});

test("a move that takes too long fails its agent and not the turn", async () => {
  const t = await setTable(started(2, { limits: { move_timeout: 20 } }));
  await t.answer("ada");
  await t.clock.advance(20_000);
  const state = await t.turn.done;
  expect(state.agents[1]?.failed).toEqual({
    failure: "timeout",
    message: "no result within 20 s",
    reason: "time_limit",
  });
  expect(state.presented).toBe("answer of ada");
});

test("after 60 % of the time reviews are asked for votes only", async () => {
  const t = await setTable(started(2, { limits: { turn_timeout: 100, gather: 1 } }));
  await t.answer("ada");
  await t.clock.advance(61_000);
  await t.answer("ben");
  expect(t.open().map(({ move }) => move.mayRevise)).toEqual([false, false]);
  await t.answer("ada", "too late to improve", { ada: 3, ben: 8 });
  expect(t.last("vote_cast").agent).toBe("ada");
});

test("a move whose estimate does not fit is not started, and the turn closes on what it has", async () => {
  const t = await setTable(started(3, { limits: { max_tokens: 450 } }));
  expect(t.open()).toHaveLength(2);
  expect(t.last("budget_reached").limit).toBe("max_tokens");
  await t.answer("ada");
  await t.answer("ben");
  const state = await t.turn.done;
  expect(state.closing).toMatchObject({ closedBy: "limit", limit: "max_tokens" });
  expect(state.outcome).toBe("answered");
});

test("money is held against the parts whose price is known", async () => {
  const estimate = ({ agent }: { agent: string }) => ({
    tokens: 1,
    costUsd: agent === "ada" ? null : 0.6,
  });
  const t = await setTable(started(3, { limits: { max_cost_usd: 1 } }), { estimate });
  expect(t.open().map(({ move }) => move.agent)).toEqual(["ada", "ben"]);
  expect(t.last("budget_reached").limit).toBe("max_cost_usd");
});

test("an unknown price makes the cost of the turn unknown, never zero", async () => {
  const t = await setTable(started(1));
  const unknown = { input: 10, cached: 0, output: 1, costUsd: null, firstTokenMs: null };
  await t.end("ada", { kind: "answered", text: "hi", scores: [], reason: "", usage: unknown });
  expect((await t.turn.done).spent.costUsd).toBeNull();
});

test("a call that is broken off is booked at what it has used so far, on its agent too", async () => {
  const t = await setTable(started(2));
  t.turn.stop("Kim", "stop");
  const state = await t.turn.done;
  expect(state).toMatchObject({ wasted: 200, knownCostUsd: 0.01 });
  expect(state.spent).toMatchObject({ input: 180, cached: 80, output: 20, estimated: 200 });
  expect(state.agents.map((agent) => agent.usage)).toEqual([streamed, streamed]);
});

test("a call that runs out of time is booked at what it has used so far", async () => {
  const t = await setTable(started(2, { limits: { move_timeout: 20 } }));
  await t.answer("ada");
  await t.clock.advance(20_000);
  const state = await t.turn.done;
  expect(state.agents[1]?.usage).toEqual(streamed);
});

test("a call that never went out costs nothing", async () => {
  const t = await setTable(started(2), { isSent: false });
  t.turn.stop("Kim", "stop");
  expect(await t.turn.done).toMatchObject({ wasted: 0, knownCostUsd: 0 });
});

test("a stop while the router is being asked books what the router has used so far", async () => {
  const t = await setTable(started(2, { mode: "auto" }), {
    route: (_signal, { onUsage }) => {
      onUsage(() => streamed);
      return new Promise(() => {});
    },
  });
  t.turn.stop("Kim", "stop");
  expect(await t.turn.done).toMatchObject({ spent: streamed, routerUsage: streamed });
  expect(t.types()).toContain("routing_aborted");
});

test("a call that its process took down is booked at the last note, else at its prompt", async () => {
  const estimate = () => ({
    tokens: 5_000,
    costUsd: 0.5,
    prompt: { tokens: 900, costUsd: 0.01 },
  });
  const first = await setTable(started(2), { estimate });
  await first.clock.advance(5_000);
  // Ada streams on, so what she has used is noted now and then; Ben keeps silent.
  first.of("ada").hooks.onUsage(() => streamed);
  await settle();
  const t = await setTable(started(2), { before: [...first.events], estimate });
  expect(t.state().agents.map((agent) => agent.usage)).toMatchObject([
    streamed,
    { input: 900, output: 0, costUsd: 0.01, estimated: 900 },
  ]);
});

test("a stream is noted in the journal every few seconds, however many pieces it has", async () => {
  const t = await setTable(started(1));
  for (let piece = 0; piece < 100; piece += 1) {
    await t.clock.advance(100);
    t.of("ada").hooks.onUsage(() => streamed);
    await settle();
  }
  expect(t.types().filter((type) => type === "move_metered")).toHaveLength(3);
});

test("journals from before calls were metered book an aborted move at its estimate, as they did", () => {
  const [move, agent] = ["ada:answer:1", AgentId.parse("ada")] as const;
  const began = { kind: "answer", revisions: [], mayRevise: false, steering: 0 };
  const estimate = { tokens: 200, costUsd: 0.02 };
  const events = TurnEvent.array().parse([
    started(1),
    { type: "move_started", at: 1, move, agent, ...began, estimate },
    { type: "move_aborted", at: 2, move, agent, cause: "stopped" },
  ]);
  const state = fold(events);
  expect(state).toMatchObject({ wasted: 200, knownCostUsd: 0.02 });
});

test("a turn resumed after a crash starts the interrupted moves again and does not ask for the finished ones", async () => {
  const first = await setTable(started(2));
  await first.clock.advance(5_000);
  await first.answer("ada");
  const t = await setTable(started(2), { before: [...first.events] });
  expect(t.calls.map(({ move }) => move.agent)).toEqual(["ben"]);
  expect(t.state().now).toBe(5_000);
  await t.answer("ben");
  await t.vote("ada", { ada: 5, ben: 3 });
  await t.vote("ben", { ada: 5, ben: 3 });
  expect((await t.turn.done).presented).toBe("answer of ada");
});

test("downtime does not count towards the turn's time", async () => {
  const first = await setTable(started(2, { limits: { turn_timeout: 60 } }));
  await first.clock.advance(15_000);
  await first.answer("ada");
  const t = await setTable(started(2), { before: [...first.events] });
  await t.clock.advance(44_000);
  expect(t.state().outcome).toBeNull();
  await t.clock.advance(1_000);
  expect((await t.turn.done).closing?.limit).toBe("turn_timeout");
});
