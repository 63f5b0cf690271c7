import { expect, test } from "vitest";
import type { BackendEvent } from "../../src/backends/backend.ts";
import { BackendError } from "../../src/backends/backend.ts";
import { guardedCall } from "../../src/backends/guarded-call.ts";
import { createThoughtHabit } from "../../src/backends/reply-text/filter-events.ts";

const guarded = (signal: AbortSignal) =>
  guardedCall(
    signal,
    burst,
    (error) => new BackendError("overloaded", String(error)),
    createThoughtHabit(true),
  );

const EVENTS = 100_000;

/** All that a server sent, in one piece: no event waits for the network. */
async function* burst(): AsyncGenerator<readonly BackendEvent[]> {
  for (let n = 0; n < EVENTS; n++) yield [{ type: "text", text: "a" }];
}

test("a burst of events leaves the event loop to others", async () => {
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  let count = 0;
  for await (const _ of guarded(new AbortController().signal)) count++;
  clearInterval(others);
  expect(count).toBe(EVENTS);
  // Without a pause there is none; a busy machine gives a few.
  expect(turns).toBeGreaterThanOrEqual(2);
});

test("an abort ends a burst", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 1);
  await expect(Array.fromAsync(guarded(stop.signal))).rejects.toThrow("stopped");
});
