import { expect, test } from "vitest";
import { fold } from "../../../src/coordination/advance.ts";
import { dealLabels } from "../../../src/coordination/labels.ts";
import { runTurn } from "../../../src/coordination/runner/runner.ts";
import { AgentId } from "../../../src/ids.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { setTable, settle, started, usage } from "../table.ts";

test("a retry is an event of its own, and the move goes on", async () => {
  const t = await setTable(started(1));
  const retry = { attempt: 1, failure: "overloaded", message: "529", delayMs: 700 } as const;
  t.of("ada").hooks.onRetry(retry);
  await settle();
  expect(t.last("move_retrying")).toMatchObject({ agent: "ada", ...retry });
  expect(t.state().agents[0]?.move?.retry).toEqual(retry);
  await t.answer("ada");
  expect((await t.turn.done).retries).toBe(1);
});

test("what a move reports after it was aborted is ignored", async () => {
  const t = await setTable(started(2));
  const { hooks, end } = t.of("ada");
  t.turn.stop("Kim", "stop");
  await settle();
  const before = t.events.length;
  hooks.onRetry({ attempt: 1, failure: "network", message: "", delayMs: 0 });
  end({ kind: "answered", text: "too late", scores: [], reason: "", usage });
  await settle();
  expect(t.events).toHaveLength(before);
});

test("stopping twice is one stop", async () => {
  const t = await setTable(started(2));
  t.turn.stop("Kim", "stop");
  t.turn.stop("Lee", "restart");
  expect((await t.turn.done).stopped).toEqual({ by: "Kim", reason: "stop" });
  expect(t.types().filter((type) => type === "turn_stopped")).toHaveLength(1);
});

test("a turn that is abandoned aborts its models and adds to the journal only what they have used", async () => {
  const t = await setTable(started(2));
  const running = t.open();
  const before = t.events.length;
  t.turn.abandon(new Error("the process leaves"));
  await expect(t.turn.done).rejects.toThrow("the process leaves");
  expect(running.every(({ hooks }) => hooks.signal.aborted)).toBe(true);
  expect(t.types().slice(before)).toEqual(running.map(() => "move_metered"));
});

test("a turn whose journal refuses it stops at once", async () => {
  const aborted: boolean[] = [];
  const turn = runTurn([started(2)], {
    clock: createFakeClock(),
    gate: async () => {},
    journal: {
      append: async (written) => {
        if (written.some(({ type }) => type === "answer_given")) throw new Error("fenced");
      },
      close: async () => null,
    },
    startMove: (move, hooks) => {
      hooks.signal.addEventListener("abort", () => aborted.push(true));
      return move.agent === "ada"
        ? Promise.resolve({ kind: "answered", text: "hi", scores: [], reason: "", usage })
        : new Promise(() => {});
    },
    estimate: async () => ({ tokens: 1, costUsd: 0 }),
    route: async () => ({ mode: "team", reason: "", usage: null }),
    onEvent: () => {},
    onDelta: () => {},
  });
  await expect(turn.done).rejects.toThrow("fenced");
  expect(aborted).toEqual([true]);
});

test("a move that rejects although it must not is a failed one", async () => {
  const turn = runTurn([started(1)], {
    clock: createFakeClock(),
    gate: async () => {},
    journal: {
      append: async () => {},
      close: async () => null,
    },
    startMove: () => Promise.reject(new Error("a bug")),
    estimate: async () => ({ tokens: 1, costUsd: 0 }),
    route: async () => ({ mode: "team", reason: "", usage: null }),
    onEvent: () => {},
    onDelta: () => {},
  });
  const state = await turn.done;
  expect(state.agents[0]?.failed).toEqual({ failure: "bad_request", message: "a bug" });
});

test("a vote where an answer was asked for fails the move", async () => {
  const t = await setTable(started(2));
  await t.vote("ada", {});
  expect(t.last("move_failed")).toMatchObject({ agent: "ada", failure: "no_call" });
});

test("a review whose every revision has an electable successor is stale and aborted", async () => {
  const t = await setTable(started(3, { limits: { quorum: 1 } }));
  for (const agent of ["ada", "ben"]) await t.answer(agent);
  await t.clock.advance(16_000);
  const slow = t.of("ben");
  expect(slow.move.shown.map(({ revision }) => revision)).toEqual(["ada.1", "ben.1"]);
  await t.answer("ada", "better", { ben: 3 });
  await t.answer("cleo");
  await t.vote("cleo", { ada: 6, ben: 5, cleo: 5 });
  expect(t.last("move_aborted")).toMatchObject({ agent: "ben", cause: "stale" });
  expect(slow.hooks.signal.aborted).toBe(true);
});

test("a message that was steered already is not steered again", async () => {
  const t = await setTable(started(2));
  t.turn.steer({ id: "m1", author: "Kim", text: "shorter" });
  t.turn.steer({ id: "m1", author: "Kim", text: "shorter" });
  await settle();
  expect(t.state().inbox).toHaveLength(1);
});

test("synthesize puts all answers to the presenter, the elected one first", async () => {
  const t = await setTable(started(3, { present: "synthesize" }));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  for (const agent of ["ada", "ben", "cleo"]) await t.vote(agent, { ada: 3, ben: 9, cleo: 5 });
  const { kind, shown } = t.of("ben").move;
  expect(kind).toBe("present");
  expect(shown.map(({ own }) => own)).toEqual([true, false, false]);
});

test("rewriting that takes too long falls back to the elected text", async () => {
  const t = await setTable(started(2, { present: "polish", limits: { move_timeout: 20 } }));
  for (const agent of ["ada", "ben"]) await t.answer(agent);
  for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 8, ben: 3 });
  await t.clock.advance(20_000);
  expect(await t.turn.done).toMatchObject({ outcome: "answered", presented: "answer of ada" });
});

test("labels go on after Z", () => {
  const agents = Array.from({ length: 28 }, (_, i) => AgentId.parse(`a${i}`));
  const labels = [...dealLabels("turn", agents).values()];
  expect(new Set(labels).size).toBe(28);
  expect(labels).toContain("AB");
});

test("a journal that does not begin with the turn's start is refused", () => {
  expect(() => fold([])).toThrow("A journal begins with turn_started.");
});
