import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { watchStream } from "../../../src/backends/resilience/watch-stream.ts";
import { done, listen, question, text } from "../scripted-backend.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { setUp } from "./set-up.ts";

describe("the watchdog", () => {
  it("the watchdog cuts a model that gives no first sign, and retries", async () => {
    const { clock, backend, inner } = setUp([["silence"], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(119_999);
    expect(heard.retries()).toEqual([]);
    await clock.advance(501);
    expect(heard.retries()[0]).toMatchObject({
      failure: "timeout",
      message: "openai/scripted-1 gave no sign of life for 120 s.",
    });
    expect(inner.requests[0]?.signal.aborted).toBe(true);
    expect(heard.outcome).toBe("done");
  });

  it("the watchdog cuts a stream that stalls between two events", async () => {
    const { clock, backend } = setUp([[text("a"), 59_000, text("b"), "silence"], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(59_000 + 59_999);
    expect(heard.retries()).toEqual([]);
    await clock.advance(501);
    expect(heard.retries()[0]?.message).toBe("The stream of openai/scripted-1 stalled for 60 s.");
  });

  it("the watchdog is reset by bytes without content", async () => {
    const alive = { type: "alive" } as const;
    const { clock, backend } = setUp([[50_000, alive, 50_000, alive, 50_000, text("late"), done]]);
    const heard = listen(backend.ask(question(undefined, 1_000_000)));
    await clock.advance(150_000);
    expect(heard.text()).toBe("late");
  });

  it("the watchdog does not count the time that its reader takes", async () => {
    const { clock, backend } = setUp([[text("a"), text("b"), done]]);
    const events = backend.ask(question())[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: "sent" } });
    await events.next();
    await clock.advance(1_000_000);
    expect(await events.next()).toMatchObject({ value: text("b") });
  });

  it("the watchdog cuts a model that stalls early, however long the first sign may take", async () => {
    const { clock, backend } = setUp([[1_000, text("a"), "silence"], [done]]);
    const heard = listen(backend.ask(question()));
    await clock.advance(1_000 + 59_999);
    expect(heard.retries()).toEqual([]);
    await clock.advance(501);
    expect(heard.retries()[0]?.message).toBe("The stream of openai/scripted-1 stalled for 60 s.");
  });

  it("the watchdog hears an abort while its reader works", async () => {
    const stop = new AbortController();
    const { backend, inner } = setUp([[text("a"), "silence"]]);
    const events = backend.ask(question(stop.signal))[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    stop.abort(new Error("stopped"));
    await expect(events.next()).rejects.toThrow("stopped");
    expect(inner.requests[0]?.signal.aborted).toBe(true);
  });

  it("the watchdog needs two timers and two listeners for a stream of any length", async () => {
    const fake = createFakeClock();
    let timers = 0;
    const clock = {
      now: () => fake.now(),
      setTimer(ms: number, fn: () => void) {
        timers += 1;
        return fake.setTimer(ms, fn);
      },
    };
    const { signal } = new AbortController();
    async function* source() {
      for (let n = 0; n < 999; n++) yield text("a");
      yield done;
    }
    const name = "openai/scripted-1";
    const limits = { firstSignMs: 120_000, idleMs: 60_000 };
    let seen = 0;
    const note = () => void (seen += 1);
    const stream = watchStream(source, { clock, name, ...limits, signal, note });
    let most = 0;
    for await (const _ of stream) {
      most = Math.max(most, getEventListeners(signal, "abort").length);
    }
    stream.end();
    expect({ seen, timers, most }).toEqual({ seen: 1_000, timers: 2, most: 2 });
    expect(getEventListeners(signal, "abort")).toEqual([]);
    // Nothing is left to fire.
    expect(await fake.next()).toBe(false);
  });
});
