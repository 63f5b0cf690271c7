import { execFile } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { StoreInvariantError } from "../../src/store/store-error.ts";
import { failingWithStrays, owningStrays } from "../../src/stray-errors.ts";
import { supervise } from "../../src/serve/supervisor.ts";

function supervised() {
  const process = new EventEmitter();
  const told: unknown[] = [];
  const supervisor = supervise({
    process,
    onStray: (problem, about) => told.push([String(problem), about]),
    onBrokenStore: (problem) => told.push(`exit: ${problem.message}`),
  });
  return { process, told, supervisor };
}

test("An error that nobody caught is reported, counted and fails its owner", async () => {
  const { process, told, supervisor } = supervised();
  const turn = failingWithStrays({ turn: "t1" }, async () => {
    process.emit("unhandledRejection", new Error("lost"), Promise.resolve());
    await new Promise(() => {});
  });
  await expect(turn).rejects.toThrow("lost");
  process.emit("uncaughtException", "no error at all");
  expect(told).toEqual([
    ["Error: lost", { turn: "t1" }],
    ["no error at all", {}],
  ]);
  expect(supervisor.strays()).toBe(2);
  supervisor.end();
  expect(process.eventNames()).toEqual([]);
});

test("Work that has ended is not failed afterwards", async () => {
  const { process } = supervised();
  const late = Promise.withResolvers<void>();
  const work = failingWithStrays({}, async () => {
    void late.promise.then(() => process.emit("unhandledRejection", new Error("late")));
    return "done";
  });
  expect(await work).toBe("done");
  late.resolve();
  await late.promise;
});

test("A broken invariant of the store alone ends the process", () => {
  const { process, told } = supervised();
  const failed: unknown[] = [];
  owningStrays({ about: {}, fail: (problem) => failed.push(problem) }, () =>
    process.emit("unhandledRejection", new StoreInvariantError("the queue stopped")),
  );
  expect(told.at(-1)).toBe("exit: the queue stopped");
  expect(failed).toEqual([]);
});

const SCRIPT = `
import { supervise } from ${JSON.stringify(join(import.meta.dirname, "../../src/serve/supervisor.ts"))};
import { owningStrays } from ${JSON.stringify(join(import.meta.dirname, "../../src/stray-errors.ts"))};
supervise({ process, onStray() {}, onBrokenStore() {} });
const own = (name, work) => owningStrays({ about: {}, fail: () => console.log(name) }, work);
own("rejection", () => void Promise.reject(new Error("a")));
own("later", async () => { await new Promise((r) => setTimeout(r, 1)); void Promise.reject(1); await 0; });
own("timer", () => setTimeout(() => { throw new Error("b"); }, 2));
own("tick", () => process.nextTick(() => { throw null; }));
own("immediate", () => setImmediate(() => { throw new Error("c"); }));
setTimeout(() => console.log("still here"), 60);
`;

test("In a real process errors find their owner across promises, timers and ticks, and it goes on", async () => {
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", SCRIPT]);
  const lines = (await run).stdout.trim().split("\n");
  expect(lines.toSorted()).toEqual([
    "immediate",
    "later",
    "rejection",
    "still here",
    "tick",
    "timer",
  ]);
});
