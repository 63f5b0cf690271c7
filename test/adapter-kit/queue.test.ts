import { expect, test } from "vitest";
import { createBoundedMap } from "../../src/bounded-map.ts";
import { createDrain } from "../../src/adapter-kit/queue/drain.ts";
import { createKeyedQueue } from "../../src/adapter-kit/queue/keyed-queue.ts";
import { isTransient, retry } from "../../src/adapter-kit/queue/retry.ts";
import { PlatformError } from "../../src/platform.ts";
import { createFakeClock } from "../support/fake-clock.ts";

test("a queue is idle when every task has settled, those added meanwhile included", async () => {
  const queue = createKeyedQueue();
  const done: string[] = [];
  void queue.run("one", async () => {
    done.push("first");
    void queue.run("two", async () => void done.push("second"));
  });
  await queue.idle();
  expect(done).toEqual(["first", "second"]);
});

test("a drain waits for what it runs, and runs nothing more", async () => {
  const drain = createDrain(createFakeClock());
  const slow = Promise.withResolvers<string>();
  const result = drain.run(() => slow.promise);
  let isClosed = false;
  const closed = drain.close(1_000).then(() => (isClosed = true));
  expect(drain.isOpen()).toBe(false);
  expect(await drain.run(() => Promise.reject(new Error("It ran.")))).toBeUndefined();
  expect(isClosed).toBe(false);
  slow.resolve("done");
  await closed;
  expect(await result).toBe("done");
});

test("a drain waits no longer than it may, and passes failures on to whoever ran the task", async () => {
  const clock = createFakeClock();
  const drain = createDrain(clock);
  void drain.run(() => new Promise(() => {}));
  await expect(drain.run(() => Promise.reject(new Error("The store is away.")))).rejects.toThrow(
    "The store is away.",
  );
  const closed = drain.close(1_000);
  await clock.advance(1_000);
  await closed;
});

test("a task is retried after each delay, until it succeeds", async () => {
  const clock = createFakeClock();
  let tries = 0;
  const result = retry(
    async () => {
      if (++tries < 3) throw new Error("not yet");
      return tries;
    },
    { clock, delayAfter: (_, failures) => failures * 100 },
  );
  await clock.advance(100);
  expect(tries).toBe(2);
  await clock.advance(200);
  expect(await result).toBe(3);
});

test("a retry ends with the last error, or when its signal aborts", async () => {
  const clock = createFakeClock();
  const fail = () => Promise.reject(new Error("never"));
  await expect(retry(fail, { clock, delayAfter: () => undefined })).rejects.toThrow("never");
  const leaving = new AbortController();
  const { signal } = leaving;
  const result = retry(fail, { clock, signal, delayAfter: () => 60_000 });
  leaving.abort(new Error("Parley is stopping."));
  await expect(result).rejects.toThrow("Parley is stopping.");
});

test.each([
  [new PlatformError("rate_limited", ""), true],
  [new PlatformError("unknown", ""), true],
  [new PlatformError("rejected", ""), false],
  [new PlatformError("gone", ""), false],
  [new Error("The store is away."), true],
])("whether a failure may pass (%#)", (error, passes) => {
  expect(isTransient(error)).toBe(passes);
});

test("a bounded map drops the entry that was set longest ago", () => {
  const map = createBoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 3);
  expect(map.ensure("c", () => 4)).toBe(4);
  expect(map.entries()).toEqual([
    ["a", 3],
    ["c", 4],
  ]);
  expect(map.ensure("a", () => 9)).toBe(3);
  map.set("d", 5);
  expect(map.get("c")).toBeUndefined();
  map.delete("a");
  expect(map.entries()).toEqual([["d", 5]]);
});
