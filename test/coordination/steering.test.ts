import { expect, test } from "vitest";
import { type Table, setTable, started } from "./table.ts";

const answerAll = async (t: Table, agents: readonly string[]) => {
  for (const agent of agents) await t.answer(agent);
};

test("a message that steers the turn keeps it open until each live agent has had a move that saw it", async () => {
  const t = await setTable(started(2));
  await answerAll(t, ["ada", "ben"]);
  await t.vote("ada", { ada: 5, ben: 6 });
  await t.steer("in metric units, please");
  await t.vote("ben", { ada: 5, ben: 6 });
  expect(t.state().outcome).toBeNull();
  expect(t.open().map(({ move }) => [move.agent, move.steering])).toEqual([
    ["ada", 1],
    ["ben", 1],
  ]);
  await t.answer("ada", "in metres", { ben: 2 });
  await t.vote("ben", { ada: 3, ben: 4 });
  await t.vote("ben", { ada: 9, ben: 4 });
  expect(await t.turn.done).toMatchObject({ presented: "in metres", closing: { unseen: [] } });
});

test("scores given before a steering message no longer count", async () => {
  const t = await setTable(started(2));
  await answerAll(t, ["ada", "ben"]);
  await t.vote("ada", { ada: 10, ben: 0 });
  await t.steer("shorter");
  await t.vote("ben", { ada: 10, ben: 0 });
  expect(t.state().ballots.every((ballot) => ballot.void)).toBe(true);
  await t.vote("ada", { ada: 4, ben: 6 });
  await t.vote("ben", { ada: 4, ben: 6 });
  expect((await t.turn.done).presented).toBe("answer of ben");
});

test("an agent may improve again once the turn is steered", async () => {
  const t = await setTable(started(2));
  await answerAll(t, ["ada", "ben"]);
  await t.answer("ada", "second", { ben: 4 });
  await t.vote("ben", { ada: 5, ben: 4 });
  await t.steer("as a list");
  const ada = t.open().find(({ move }) => move.agent === "ada");
  expect(ada?.move.mayRevise).toBe(true);
});

test("a steering message during first answers interrupts nobody", async () => {
  const t = await setTable(started(2));
  const before = t.open();
  await t.steer("hurry");
  expect(before.every(({ hooks }) => !hooks.signal.aborted)).toBe(true);
  await answerAll(t, ["ada", "ben"]);
  expect(t.open().map(({ move }) => move.steering)).toEqual([1, 1]);
});

test("a lone agent is asked once more when its turn is steered, and may improve", async () => {
  const t = await setTable(started(1));
  expect(await t.steer("in French")).toBe(true);
  await t.answer("ada");
  expect(t.of("ada").move).toMatchObject({ kind: "review", mayRevise: true, steering: 1 });
  await t.answer("ada", "en français");
  expect((await t.turn.done).presented).toBe("en français");
});

test("a message that reaches the inbox while the turn closes is put to the agents before it closes", async () => {
  const t = await setTable(started(2));
  await answerAll(t, ["ada", "ben"]);
  await t.vote("ada", { ada: 5, ben: 6 });
  t.of("ben").end({ kind: "abstained", reason: "no call", usage: t.state().spent });
  expect(await t.steer("one more thing")).toBe(true);
  expect(t.state().inbox).toHaveLength(1);
  expect(t.open().map(({ move }) => move.steering)).toEqual([1, 1]);
});

test("what no finished move has seen when a limit closes the turn is named for the next turn", async () => {
  const t = await setTable(started(2, { limits: { turn_timeout: 30 } }));
  await answerAll(t, ["ada", "ben"]);
  await t.steer("too late");
  await t.clock.advance(30_000);
  const state = await t.turn.done;
  expect(state.closing).toMatchObject({ limit: "turn_timeout", unseen: ["m1"] });
  expect(state.outcome).toBe("answered");
});

test("a closed turn takes no more messages", async () => {
  const t = await setTable(started(1));
  await t.answer("ada");
  await t.turn.done;
  expect(await t.steer("hello?")).toBe(false);
});

test("a person's choice made before a steering message no longer counts", async () => {
  const t = await setTable(started(2));
  await answerAll(t, ["ada", "ben"]);
  t.prefer("U1", "ada");
  await t.steer("other units");
  expect(t.state().preferences).toEqual({});
});
