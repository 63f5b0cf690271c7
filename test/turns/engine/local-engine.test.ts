import { expect, onTestFinished, test, vi } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { ownerOfStray } from "../../../src/stray-errors.ts";
import { createLocalEngine } from "../../../src/turns/engine/local-engine.ts";
import { asking, engineOptions, turnOf } from "../../contracts/engine-bench.ts";
import { turnEngineContract } from "../../contracts/turn-engine.ts";
import { PATIENCE } from "../../support/patience.ts";

turnEngineContract("SQLite with the local engine", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  return {
    store,
    engine: (setting) => createLocalEngine(engineOptions(store, setting)),
    close: () => store.close(),
  };
});

test("A turn that an error goes astray in is broken off and run again, and the others go on", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  onTestFinished(() => store.close());
  const problems: string[] = [];
  const given = { onProblem: (problem: unknown) => problems.push(String(problem)) };
  const engine = createLocalEngine(engineOptions(store, given));
  const runs: string[] = [];
  await engine.start(async ({ request }, signal) => {
    runs.push(request);
    if (request !== "broken" || runs.filter((run) => run === "broken").length > 1) return;
    ownerOfStray()?.fail(new Error("nobody caught this"));
    expect(signal.aborted).toBe(true);
    throw new Error("the turn let go");
  });
  const bench = { store, engine: () => engine, close: () => store.close() };
  const broken = turnOf(await asking(bench, engine, "a")("broken"));
  const other = turnOf(await asking(bench, engine, "b")("other"));
  await vi.waitFor(async () => {
    for (const id of [broken, other]) {
      expect(await store.turns.get(id)).toMatchObject({ state: "done", outcome: "completed" });
    }
  }, PATIENCE);
  expect(runs.toSorted()).toEqual(["broken", "broken", "other"]);
  expect(problems.length).toBe(1);
  await engine.drain(0);
});
