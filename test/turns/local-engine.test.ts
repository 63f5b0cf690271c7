import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/store.ts";
import { createLocalEngine } from "../../src/turns/local-engine.ts";
import { asking } from "../contracts/engine-bench.ts";
import { turnEngineContract } from "../contracts/turn-engine.ts";

const setting = { clock: systemClock, concurrency: 8, attempts: 5, retryMs: 1, leaveMs: 1000 };

turnEngineContract("SQLite with the local engine", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  return {
    store,
    engine: ({ onProblem = () => undefined, ...given } = {}) =>
      createLocalEngine({
        ...setting,
        store,
        onGivenUp: async () => undefined,
        ...given,
        onProblem: (problem) => onProblem(problem),
      }),
    close: () => store.close(),
  };
});

test("turns of a platform that this process does not serve stay queued, before the start and after", async () => {
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  const engine = createLocalEngine({
    ...setting,
    store,
    serves: (conversation) => conversation.endsWith(":served"),
    onGivenUp: async () => undefined,
    onProblem: () => undefined,
  });
  const bench = { store, engine: () => engine, close: () => store.close() };
  await asking(bench, engine, "elsewhere")("before");
  const run = vi.fn(async () => undefined);
  await engine.start(run);
  await asking(bench, engine, "elsewhere")("after");
  await asking(bench, engine, "served")("here");
  await vi.waitFor(async () => expect(await engine.stats()).toEqual({ queued: 2, running: 0 }));
  expect(run).toHaveBeenCalledTimes(1);
  await engine.drain(0);
  await store.close();
});
