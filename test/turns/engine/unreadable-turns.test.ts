import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { createStore } from "../../../src/store/store.ts";
import { createBossEngine } from "../../../src/turns/engine/boss/boss-engine.ts";
import type { RunTurn } from "../../../src/turns/engine/engine.ts";
import {
  asking,
  done,
  type EngineSetting,
  engineOptions,
  turnOf,
} from "../../contracts/engine-bench.ts";
import { createPgliteDatabases } from "../../support/pglite.ts";
import { PATIENCE } from "../../support/patience.ts";

const lite = createPgliteDatabases();

/** A queue with one turn, in whose journal a newer version has written; time goes on faster when told so. */
async function openRoom() {
  const store = await createStore(await lite.open(), Date.now);
  const past = { ms: 0 };
  const clock = { ...systemClock, now: () => systemClock.now() + past.ms };
  const create = (setting: EngineSetting) =>
    createBossEngine({ ...engineOptions(store, setting), clock });
  const bench = { store, engine: () => create({}), close: () => store.close() };
  const drains: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const drain of drains) await drain();
    await store.close();
  });
  const ask = asking(bench, bench.engine());
  const turn = turnOf(await ask("first"));
  const write = () =>
    store.db.q(
      `INSERT INTO journal (turn, seq, type, event, at)
       SELECT $1, COUNT(*) + 1, 'newer', '{"type":"newer"}', COUNT(*) + 1 FROM journal WHERE turn = $1`,
      [turn],
    );
  await write();
  const start = async (run: RunTurn, setting: EngineSetting = {}) => {
    const engine = create(setting);
    await engine.start(run);
    drains.push(() => engine.drain(0));
  };
  /** A process of this version, which looks for itself whether it can read the journal. */
  const startOld = async () => {
    const looks = vi.fn<RunTurn>(async ({ id }) => void (await store.journal.read(id)));
    const onGivenUp = vi.fn(async () => undefined);
    const onProblem = vi.fn();
    await start(looks, { onGivenUp, onProblem });
    const looksAgain = () => {
      const { length } = looks.mock.calls;
      return vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(length), PATIENCE);
    };
    return { looks, looksAgain, onGivenUp, onProblem };
  };
  return { bench, store, turn, ask, write, start, startOld, wait: (ms: number) => (past.ms += ms) };
}

test("a turn that this version cannot read is left to a process that can, once there is one, and no start counts", async () => {
  const room = await openRoom();
  const old = await room.startOld();
  for (const _ of [1, 2]) await old.looksAgain();
  const able = vi.fn<RunTurn>(async () => undefined);
  await room.start(able);
  await done(room.bench, room.turn);
  expect(await room.store.turns.get(room.turn)).toMatchObject({
    outcome: "completed",
    attempts: 1,
  });
  expect(able).toHaveBeenCalledTimes(1);
  expect(old.onGivenUp).not.toHaveBeenCalled();
  expect(old.onProblem.mock.calls.map(([problem]) => String(problem))).toEqual([
    expect.stringContaining("a newer version wrote it"),
  ]);
});

test("it is not looked at in a rush, and does not keep other conversations waiting", async () => {
  const room = await openRoom();
  const old = await room.startOld();
  await old.looksAgain();
  const before = old.looks.mock.calls.length;
  const began = performance.now();
  for (const _ of [1, 2]) await old.looksAgain();
  const rests = (performance.now() - began) / 500;
  expect(old.looks.mock.calls.length - before).toBeLessThanOrEqual(rests + 2);
  const other = turnOf(await asking(room.bench, room.bench.engine(), "other")("hello"));
  await done(room.bench, other);
});

test("after two minutes in which nobody wrote in its journal it is given up, and its conversation goes on", async () => {
  const room = await openRoom();
  const old = await room.startOld();
  await old.looksAgain();
  room.wait(70_000);
  await old.looksAgain();
  // A newer process had it meanwhile.
  await room.write();
  room.wait(70_000);
  await old.looksAgain();
  room.wait(70_000);
  await old.looksAgain();
  expect(old.onGivenUp).not.toHaveBeenCalled();
  room.wait(70_000);
  await done(room.bench, room.turn);
  expect(await room.store.turns.get(room.turn)).toMatchObject({ outcome: "failed", attempts: 1 });
  expect(old.onGivenUp).toHaveBeenCalledTimes(1);
  await done(room.bench, turnOf(await room.ask("next")));
});
