import { expect, test } from "vitest";
import { createPool, type PoolOptions, type Worker } from "../../../src/backends/cli/pool.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const MINUTE = 60_000;

interface TestWorker extends Worker {
  readonly name: number;
  /** It dies by itself. */
  crash(): void;
}

/** A pool of workers that start at once, and what is known of them. */
function setUp(options: Partial<PoolOptions<TestWorker>> = {}) {
  const clock = createFakeClock();
  const workers: TestWorker[] = [];
  const memory = new Map<number, number>();
  const start = async (): Promise<TestWorker> => {
    const exit = Promise.withResolvers<void>();
    const state = { hasExited: false };
    const die = async () => {
      state.hasExited = true;
      exit.resolve();
    };
    const name = workers.length + 1;
    const worker = {
      name,
      pid: name,
      exit: exit.promise,
      hasExited: () => state.hasExited,
      end: die,
      crash: () => void die(),
    };
    workers.push(worker);
    return worker;
  };
  const pool = createPool({
    movesAtOnce: 1,
    most: 4,
    clock,
    memoryOf: async (pid) => memory.get(pid) ?? 100,
    start,
    ...options,
  });
  const signal = new AbortController().signal;
  const alive = () => workers.filter((worker) => !worker.hasExited()).map(({ name }) => name);
  return { pool, clock, workers, memory, alive, lease: () => pool.lease(signal) };
}

test("Nothing runs before the first move, and one spare worker stays ready after it", async () => {
  const { clock, alive, lease } = setUp();
  expect(alive()).toEqual([]);
  const first = await lease();
  await clock.advance(0);
  expect(first.worker.name).toBe(1);
  expect(alive()).toEqual([1, 2]);
});

test("A worker is warmed before the first move, which then waits for no start", async () => {
  const { pool, clock, alive, lease } = setUp();
  pool.warm();
  await clock.advance(0);
  expect(alive()).toEqual([1]);
  expect((await lease()).worker.name).toBe(1);
});

test("Moves one after another use the same worker", async () => {
  const { lease } = setUp();
  for (const _ of Array(5)) {
    const move = await lease();
    expect(move.worker.name).toBe(1);
    move.release(true);
  }
});

test("Moves at the same time get workers of their own, up to the most; then they wait in order", async () => {
  const { clock, alive, lease } = setUp({ most: 2 });
  const [one, two] = [await lease(), await lease()];
  const order: number[] = [];
  const third = lease().then((move) => {
    order.push(3);
    move.release(true);
  });
  const fourth = lease().then(() => order.push(4));
  await clock.advance(0);
  expect(alive()).toEqual([one.worker.name, two.worker.name]);
  expect(order).toEqual([]);
  two.release(true);
  await Promise.all([third, fourth]);
  expect(order).toEqual([3, 4]);
});

test("A worker that takes several moves is filled before another one starts, but for the spare", async () => {
  const { clock, alive, lease } = setUp({ movesAtOnce: 2 });
  const names = [(await lease()).worker.name, (await lease()).worker.name];
  await clock.advance(0);
  expect(names).toEqual([1, 1]);
  expect(alive()).toEqual([1, 2]);
});

test("A worker that an error made unfit takes no other move", async () => {
  const { alive, lease } = setUp();
  (await lease()).release(false);
  expect((await lease()).worker.name).toBe(2);
  expect(alive()).not.toContain(1);
});

test("An unfit worker ends only after the other moves that it runs", async () => {
  const { alive, lease } = setUp({ movesAtOnce: 2 });
  const [one, two] = [await lease(), await lease()];
  one.release(false);
  expect(alive()).toContain(1);
  two.release(true);
  expect(alive()).not.toContain(1);
});

test("A worker is replaced after so many moves", async () => {
  const { clock, alive, lease } = setUp({ rules: { moves: 3, idleMs: MINUTE, growthMb: 150 } });
  for (let move = 0; move < 3; move += 1) (await lease()).release(true);
  await clock.advance(0);
  expect(alive()).toEqual([2]);
});

test("A worker ends after half an hour without a move, so that nothing runs", async () => {
  const { clock, alive, lease } = setUp();
  (await lease()).release(true);
  await clock.advance(29 * MINUTE);
  expect(alive()).toEqual([1]);
  (await lease()).release(true);
  await clock.advance(29 * MINUTE);
  expect(alive()).toContain(1);
  await clock.advance(2 * MINUTE);
  expect(alive()).toEqual([]);
});

test("A worker that has grown by more than 150 MB is replaced", async () => {
  const { clock, memory, alive, lease } = setUp();
  const move = await lease();
  memory.set(1, 251);
  move.release(true);
  await clock.advance(0);
  expect(alive()).not.toContain(1);
  expect(alive()).toHaveLength(1);
});

test("A worker that died is given to nobody", async () => {
  const { clock, workers, lease } = setUp();
  (await lease()).release(true);
  workers[0]?.crash();
  await clock.advance(0);
  expect((await lease()).worker.name).not.toBe(1);
});

test("A failed start fails the move that waits for it, and the next move tries again", async () => {
  const starts: string[] = [];
  const { lease } = setUp({
    async start() {
      starts.push("start");
      throw new Error("it is not installed");
    },
  });
  await expect(lease()).rejects.toThrow("it is not installed");
  await expect(lease()).rejects.toThrow("it is not installed");
  expect(starts).toHaveLength(2);
});

test("A move that is aborted while it waits leaves, and the worker goes to the next one", async () => {
  const { pool, lease } = setUp({ most: 1 });
  const first = await lease();
  const stop = new AbortController();
  const second = pool.lease(stop.signal);
  stop.abort(new Error("stopped"));
  await expect(second).rejects.toThrow("stopped");
  first.release(true);
  expect((await lease()).worker.name).toBe(1);
});

test("A worker that was given at the moment of the abort is given back", async () => {
  const { pool, clock, lease } = setUp({ most: 1 });
  pool.warm();
  await clock.advance(0);
  const stop = new AbortController();
  const aborted = pool.lease(stop.signal);
  stop.abort(new Error("stopped"));
  await expect(aborted).rejects.toThrow("stopped");
  expect((await lease()).worker.name).toBe(1);
});

test("The end of the pool ends every worker, and rejects who waits", async () => {
  const { pool, alive, lease } = setUp({ most: 1 });
  await lease();
  const waiting = lease();
  const rejected = expect(waiting).rejects.toThrow("shutting down");
  await pool.close();
  await rejected;
  expect(alive()).toEqual([]);
  await expect(lease()).rejects.toThrow("shutting down");
});
